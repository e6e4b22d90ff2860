import { readFileSync, statSync } from 'node:fs';

/** The last lines of a log, from byte `since` on; '' if there are none. */
export function logTail(path: string, { since = 0, lines = 8 } = {}): string {
  try {
    const text = readFileSync(path).subarray(since).toString('utf8').trimEnd();
    return text.split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}

export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
