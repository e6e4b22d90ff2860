import { readFileSync, statSync } from 'node:fs';

interface TailOptions {
  /** Bytes from the beginning of the log. */
  since?: number;
  lines?: number;
  /** Lines that say nothing to whom the tail is shown. */
  leaveOut?: RegExp;
}

/** The last lines of a log, from byte `since` on; '' if there are none. */
export function logTail(
  path: string,
  { since = 0, lines = 8, leaveOut }: TailOptions = {},
): string {
  try {
    const text = readFileSync(path).subarray(since).toString('utf8').trimEnd();
    const all = text.split('\n').filter((line) => !leaveOut?.test(line));
    return all.slice(-lines).join('\n');
  } catch {
    return '';
  }
}

export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
