import { readFileSync } from 'node:fs';

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
    const bytes = readFileSync(path);
    // Smaller than before: it was cut meanwhile.
    const text = bytes
      .subarray(bytes.length < since ? 0 : since)
      .toString('utf8')
      .trimEnd();
    const all = text.split('\n').filter((line) => !leaveOut?.test(line));
    return all.slice(-lines).join('\n');
  } catch {
    return '';
  }
}
