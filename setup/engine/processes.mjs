import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { textOf } from './files.mjs';

/**
 * A process, told apart from a later one that got the same number.
 * @typedef {{ pid: number, started: string }} Identity `started`: when, in the system's own words, without blanks
 */

/**
 * @param {number} pid
 * @param {string} [proc] where Linux describes its processes
 * @returns {Identity | undefined} undefined if no such process runs
 */
export function identify(pid, proc = '/proc') {
  if (!exists(pid)) return undefined;
  const started = process.platform === 'linux' ? startOnLinux(pid, proc) : startElsewhere(pid);
  return started === undefined ? undefined : { pid, started };
}

/** @param {Identity} identity */
export function isAlive({ pid, started }) {
  return identify(pid)?.started === started;
}

/**
 * Ends a process and its group: asks, and after `patience` ms insists. Returns when it is gone.
 * @param {Identity} identity
 * @param {number} [patience] ms
 */
export async function end(identity, patience = 2_000) {
  if (!isAlive(identity)) return;
  signalGroup(identity.pid, 'SIGTERM');
  const insistAt = Date.now() + patience;
  while (isAlive(identity)) {
    if (Date.now() > insistAt) signalGroup(identity.pid, 'SIGKILL');
    if (Date.now() > insistAt + 5_000) return;
    await delay(50);
  }
}

/** @param {number} pid @param {NodeJS.Signals} signal */
export function signalGroup(pid, signal) {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // Gone already.
  }
}

/** @param {number} pid */
function exists(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * @param {number} pid
 * @param {string} proc
 * @returns {string | undefined} clock ticks since boot; undefined for a zombie too, unless it has threads that still run: its
 *   first thread can be gone while another one writes its last file
 */
function startOnLinux(pid, proc) {
  // Some sandboxes have no /proc: there a process is known by its number alone.
  if (textOf(`${proc}/self/stat`) === undefined) return 'unknown';
  // The second field is the program's name in brackets and may hold blanks and brackets itself.
  const fields = textOf(`${proc}/${pid}/stat`)?.split(') ').at(-1)?.split(' ');
  const [state, threads, start] = [fields?.[0], Number(fields?.[17]), fields?.[19]];
  return state === 'Z' && threads <= 1 ? undefined : start;
}

/** @param {number} pid */
function startElsewhere(pid) {
  if (process.platform === 'win32') return 'unknown';
  try {
    const date = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return String(Date.parse(date.trim()));
  } catch {
    return undefined;
  }
}
