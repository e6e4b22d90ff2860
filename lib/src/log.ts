import {
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { appendPrivate, openPrivate } from './private.js';

/** A log that has grown larger is cut: with what came before, `<path>.1`, it takes about twice as much. */
const LARGE = 5 * 1024 * 1024;
const LOOK_MS = 10_000;
/** A process that was killed while it cut a log leaves its draft. */
const STALE_MS = 60_000;

/** Appends to a log. Other processes may append to the same. */
export function appendLog(path: string, text: string): void {
  cutLog(path);
  appendPrivate(path, text);
}

/** Opens a log for appending, as the output of a process: see boundLog. The caller closes it. */
export function openLog(path: string): { file: number; from: number } {
  cutLog(path);
  const file = openPrivate(path, 'a');
  return { file, from: fstatSync(file).size };
}

/** Keeps a log small that a process writes to by itself. Returns how to stop that, which its end should do. */
export function boundLog(path: string): () => void {
  const timer = setInterval(() => cutLog(path), LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Makes a large log empty; what was in it is in `<path>.1`. The file stays the same one, since processes hold it open for
 * appending. What is written in the moment between may be lost.
 */
export function cutLog(path: string, large = LARGE): void {
  if (sizeOf(path) <= large) return;
  const draft = `${path}.cut`;
  try {
    copyFileSync(path, draft, constants.COPYFILE_EXCL);
  } catch (error) {
    // Without a copy where there is no room for one: a log that is too large is worse.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') truncateSync(path);
    if (ageOf(draft) > STALE_MS) rmSync(draft, { force: true });
    return; // another process is at it
  }
  // Another process may have cut it since we looked.
  if (sizeOf(draft) <= large) {
    rmSync(draft, { force: true });
    return;
  }
  truncateSync(path);
  renameSync(draft, `${path}.1`);
}

/** In bytes; 0 where there is no file. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function ageOf(path: string): number {
  return Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
}

/** What was logged since `from`, at most the last 64 KiB. */
export function readLog(path: string, from = 0): string {
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      // Smaller than before: it was cut meanwhile.
      const start = Math.max(size < from ? 0 : from, size - 65_536);
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
export function errorLines(log: string, count = 3): string {
  const lines = log
    .split('\n')
    .filter((line) => line.trim() && !/^\s+at |^\s*\.\.\. \d+ more/.test(line));
  const errors = lines.filter((line) => /\b(ERROR|FATAL)\b|Exception|Caused by:|Error:/.test(line));
  return [...new Set(errors.length > 0 ? errors : lines)]
    .slice(-count)
    .map((line) => line.trim().slice(0, 300))
    .join(' | ');
}
