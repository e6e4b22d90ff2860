import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isSoWithin } from '../waiting.js';

/** A process, distinguished from a later one with the same number by its start time. */
export interface ProcessId {
  pid: number;
  start: string;
}

/**
 * When the process started, in units of the platform; undefined if there is none. A zombie counts as none, unless it has threads
 * that still run: its first thread can be gone while another one writes its last file.
 */
export function processStart(pid: number, proc = '/proc'): string | undefined {
  if (process.platform !== 'linux') return psField(pid, 'lstart');
  // Some sandboxes have no /proc, without which ps cannot tell either: there a process is known by its number alone.
  if (!existsSync(`${proc}/self/stat`)) return exists(pid) ? 'unknown' : undefined;
  try {
    // The command in parentheses may itself hold spaces and parentheses: count from the last one.
    const stat = readFileSync(`${proc}/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, threads, start] = [fields[0], Number(fields[17]), fields[19]];
    const isGone = state === 'X' || (state === 'Z' && threads <= 1);
    return isGone ? undefined : start;
  } catch {
    return undefined;
  }
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether a process has been stopped by SIGSTOP, all its threads. */
export function standsStill(pid: number): boolean {
  if (process.platform !== 'linux') return (psField(pid, 'state') ?? '').startsWith('T');
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.every((thread) => stateOf(`/proc/${pid}/task/${thread}`) === 'T');
  } catch {
    return false; // one has just ended, or all have
  }
}

function stateOf(path: string): string | undefined {
  const stat = readFileSync(`${path}/stat`, 'utf8');
  return stat[stat.lastIndexOf(')') + 2];
}

/** The command line of a process, or '' if there is none. */
export function processCommand(pid: number): string {
  if (process.platform !== 'linux') return psField(pid, 'command') ?? '';
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function psField(pid: number, field: string): string | undefined {
  try {
    const options = { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } } as const;
    const [state, ...rest] = execFileSync('ps', ['-ww', '-o', `state=,${field}=`, '-p', `${pid}`], {
      ...options,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .trim()
      .split(/\s+/);
    return state?.startsWith('Z') ? undefined : rest.join(' ') || undefined;
  } catch {
    return undefined;
  }
}

export function thisProcess(): ProcessId {
  return { pid: process.pid, start: processStart(process.pid) ?? '' };
}

export function isAlive({ pid, start }: ProcessId): boolean {
  return Number.isInteger(pid) && pid > 0 && processStart(pid) === start;
}

/** Sends a signal if it is still that process. Returns whether it was there. */
export function signalProcess(id: ProcessId, signal: NodeJS.Signals): boolean {
  if (!isAlive(id)) return false;
  try {
    return process.kill(id.pid, signal);
  } catch {
    return false;
  }
}

/** Waits until the process is gone. Returns false if it is still there after `limit` ms. */
export function untilGone(id: ProcessId, limit: number): Promise<boolean> {
  return isSoWithin(() => !isAlive(id), limit);
}
