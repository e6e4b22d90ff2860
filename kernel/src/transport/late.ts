import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { log } from '../log.js';

/** Bytes; a log that is larger is begun anew, and what was in it is in `<path>.1`. */
const LARGE = 5 * 1024 * 1024;

/**
 * The log of what cells wrote after they had ended: clients such as nbclient drop it.
 * One line a write: time, notebook if known, cell, channel, the text as JSON. Several kernels may append to the same.
 */
export class LateOutputLog {
  /** Without a path nothing is logged. */
  constructor(private readonly path: string | undefined) {}

  append(count: number, channel: string, text: string): void {
    if (this.path === undefined) return;
    const notebook = process.env['JPY_SESSION_NAME'] ?? '';
    const parts = [new Date().toISOString(), notebook, `[${count}]`, channel, JSON.stringify(text)];
    try {
      append(this.path, `${parts.filter(Boolean).join(' ')}\n`);
    } catch (error) {
      log('late output not logged', error);
    }
  }
}

/** What learners write is their own: nobody else may read the file. */
function append(path: string, line: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LARGE) putAside(path);
  appendFileSync(path, line, { mode: 0o600 });
}

function putAside(path: string): void {
  try {
    renameSync(path, `${path}.1`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error; // else another kernel has done it
  }
}
