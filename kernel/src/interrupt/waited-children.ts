import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { CHECKER, shared, WAITING } from './shield.js';

/**
 * Marks the calls that wait for a child process. The thread handles nothing until the child has ended: to interrupt such a
 * call is to end the child. `before` is called first.
 */
export function watchWaiting(before: () => void): void {
  const calls = require('node:child_process') as Record<string, (...args: unknown[]) => unknown>;
  for (const name of ['execSync', 'execFileSync', 'spawnSync']) {
    const call = calls[name]!;
    const watched = (...args: unknown[]) => {
      before();
      Atomics.store(shared, WAITING, 1);
      try {
        return call(...args);
      } finally {
        notWaiting();
      }
    };
    calls[name] = Object.defineProperty(watched, 'name', { value: name });
  }
  syncBuiltinESMExports();
}

/** To be called where the thread certainly waits for no child: what is stopped runs no `finally`. */
export function notWaiting(): void {
  Atomics.store(shared, WAITING, 0);
}

/** Sends a signal to the child that the main thread waits for, the youngest that it has, and to all below it. */
export function signalWaited(signal: NodeJS.Signals): void {
  const child = childrenOf(process.pid, [process.pid]).at(-1);
  for (const pid of child === undefined ? [] : [child, ...descendants(child)]) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** Ends the process that checks types, if there is one. */
export function endChecker(cells: Int32Array): void {
  const checker = Atomics.exchange(cells, CHECKER, 0);
  try {
    if (checker !== 0) process.kill(checker, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

function descendants(pid: number): number[] {
  const children = childrenOf(pid);
  return [...children, ...children.flatMap(descendants)];
}

/** From the oldest to the youngest; of all threads of the process, or of those named. */
function childrenOf(pid: number, threads?: number[]): number[] {
  try {
    const tasks = `/proc/${pid}/task`;
    const all = threads ?? readdirSync(tasks);
    return all.flatMap((task) => numbers(readFileSync(`${tasks}/${task}/children`, 'utf8')));
  } catch {
    return listed(pid);
  }
}

/** Where the system has no such files. */
function listed(pid: number): number[] {
  try {
    return numbers(execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }));
  } catch {
    return []; // it has none
  }
}

function numbers(text: string): number[] {
  return (text.match(/\d+/g) ?? []).map(Number);
}
