import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const LARGE = 5 * 1024 * 1024;

/** Opens a log for appending; one that has grown large becomes `<path>.1` first. The caller closes it. */
export function openLog(path: string): { file: number; from: number } {
  mkdirSync(dirname(path), { recursive: true });
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LARGE) renameSync(path, `${path}.1`);
  return { file: openSync(path, 'a', 0o600), from: size > LARGE ? 0 : size };
}

/** What was logged since `from`, at most the last 64 KiB. */
export function readLog(path: string, from = 0): string {
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const start = Math.max(from, size - 65_536);
      const buffer = Buffer.alloc(Math.max(0, size - start));
      return buffer.toString('utf8', 0, readSync(file, buffer, 0, buffer.length, start));
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}

/** The lines that say why something failed: the last that tell of an error, else the last of all. */
export function tellingLines(log: string, count = 3): string {
  const lines = log
    .split('\n')
    .filter((line) => line.trim() && !/^\s+at |^\s*\.\.\. \d+ more/.test(line));
  const errors = lines.filter((line) => /\b(ERROR|FATAL)\b|Exception|Caused by:|Error:/.test(line));
  return [...new Set(errors.length > 0 ? errors : lines)]
    .slice(-count)
    .map((line) => line.trim().slice(0, 300))
    .join(' | ');
}
