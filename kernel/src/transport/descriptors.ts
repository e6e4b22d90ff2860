import fs, { closeSync, fstatSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import { log, logTo } from '../log.js';
import type { StreamName } from '../messages.js';

/** Where what is written to the process's own descriptors goes: files, beside the connection file. */
export interface Descriptors {
  stdout: string;
  stderr: string;
  /** The descriptor of the server's log. */
  log: number;
}

const NUMBERS: Record<StreamName, number> = { stdout: 1, stderr: 2 };
const SHOWN_CHARS = 1000;

/**
 * Has descriptors 1 and 2 lead to files: child processes and native code write there, past process.stdout. Files and no
 * pipes: nobody who writes has to wait for who reads, and what was said last outlives the process.
 * `server` is the descriptor of the server's log, which a shell makes of stderr when it starts the kernel: Node cannot. Without
 * one, what stderr leads to is opened anew.
 * To be called before any thread starts: a file that is opened gets the lowest number that is free.
 * Returns undefined where the system does not let it.
 */
export function redirectDescriptors(
  connectionFile: string,
  server?: number,
): Descriptors | undefined {
  const base = connectionFile.replace(/\.json$/, '');
  const files = { stdout: `${base}.stdout`, stderr: `${base}.stderr` };
  try {
    sweep(dirname(connectionFile));
    const kept = server ?? openSync('/dev/fd/2', 'a');
    for (const path of Object.values(files)) closeSync(openSync(path, 'w', 0o600)); // if it cannot be, nothing is lost yet
    logTo(kept);
    for (const name of ['stdout', 'stderr'] as const) {
      closeSync(NUMBERS[name]);
      openSync(files[name], 'a');
    }
    process.once('exit', (code) => {
      if (code === 0) for (const path of Object.values(files)) rmSync(path, { force: true });
    });
    return { ...files, log: kept };
  } catch (error) {
    log('output of child processes is not shown in cells', error);
    return undefined;
  }
}

/** Removes what kernels have left whose server is gone, too. */
function sweep(folder: string): void {
  const names = new Set(readdirSync(folder));
  for (const name of names) {
    const match = /^(kernel-.*)\.(stdout|stderr)$/.exec(name);
    if (match && !names.has(`${match[1]}.json`)) rmSync(join(folder, name), { force: true });
  }
}

/** The last words of a kernel that had this connection file before and died; empty if none did. */
export function lastWords(connectionFile: string): string {
  try {
    const text = readFileSync(connectionFile.replace(/\.json$/, '.stderr'), 'utf8');
    return text.trim().slice(-SHOWN_CHARS);
  } catch {
    return '';
  }
}

/** The sizes of the files of descriptors 1 and 2. */
export function writtenSizes(): number[] {
  return Object.values(NUMBERS).map((descriptor) => fstatSync(descriptor).size);
}

/** Calls `before` ahead of a write past process.stdout, so that what was printed first stands first. */
export function watchDescriptors(before: () => void): void {
  const { writeSync } = fs;
  const watched = (fd: number, ...rest: unknown[]) => {
    if (fd === 1 || fd === 2) before();
    return (writeSync as (...args: unknown[]) => number)(fd, ...rest);
  };
  fs.writeSync = Object.defineProperty(watched, 'name', { value: 'writeSync' }) as typeof writeSync;
  syncBuiltinESMExports();
}
