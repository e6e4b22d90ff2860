import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { setPriority } from 'node:os';
import { withDeadline } from '../waiting.js';
import { type ProcessId, processStart } from './processes.js';

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A process that cannot outlive this one. */
export interface Guarded extends ProcessId {
  readonly exited: Promise<Exit>;
  /** SIGTERM, and SIGKILL after `limit` ms. */
  stop(limit?: number): Promise<Exit>;
  kill(signal: NodeJS.Signals): void;
}

/**
 * The shell leaves a watcher behind and becomes the command itself, so that the command is our child and its exit
 * code is exact. The watcher reads a pipe that we hold: when we are gone, however we went, it kills the command.
 * What the command writes, such as the broker's data, is its user's alone.
 */
const GUARD = 'umask 077; { read -r _ || kill -9 $$; } <&3 >/dev/null 2>&1 & exec "$@" 3<&-';

export interface GuardedOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** A file descriptor for both its outputs. */
  output: number;
  /** A file descriptor to read from; nothing unless given. */
  input?: number;
  /** Another one, which the command has at number 4; none unless given. */
  more?: number;
  /** 0 is usual, 19 gives way to everything else. */
  niceness?: number;
  /** In a session of its own: an interrupt that is meant for us does not arrive there. It does not keep us alive. */
  apart?: boolean;
}

/** @throws what spawn reports: no /bin/sh, no such folder */
export async function spawnGuarded(
  command: readonly string[],
  { cwd, env, output, input, more, niceness = 0, apart = false }: GuardedOptions,
): Promise<Guarded> {
  const child = spawn('/bin/sh', ['-c', GUARD, 'kafka-guard', ...command], {
    cwd,
    env,
    detached: apart,
    stdio: [input ?? 'ignore', output, output, 'pipe', ...(more === undefined ? [] : [more])],
  });
  const exited = exitOf(child);
  await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  const pid = child.pid as number;
  if (niceness) lowerPriority(pid, niceness);
  holdPipe(child, exited);
  if (apart) letGo(child);
  return { pid, start: processStart(pid) ?? '', exited, ...endings(child, exited) };
}

function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: 127, signal: null }));
  });
}

function holdPipe(child: ChildProcess, exited: Promise<Exit>): void {
  const pipe = child.stdio[3] as Socket;
  // Nobody but the watcher holds the other end: when it closes before the command has ended, nothing guards that.
  pipe.on('close', () => child.kill('SIGKILL')).resume();
  pipe.on('error', () => pipe.destroy());
  // A line sends the watcher home; an end of file would make it kill a number that is nobody's by now.
  void exited.then(() => pipe.end('\n'));
}

function letGo(child: ChildProcess): void {
  child.unref();
  (child.stdio[3] as Socket).unref();
}

function endings(child: ChildProcess, exited: Promise<Exit>): Pick<Guarded, 'stop' | 'kill'> {
  const kill = (signal: NodeJS.Signals) => void child.kill(signal);
  const stop = async (limit = 5000) => {
    child.ref(); // we stay for its end
    kill('SIGTERM');
    await withDeadline(exited, { ms: limit, late: () => kill('SIGKILL'), ref: false });
    return exited;
  };
  return { stop, kill };
}

function lowerPriority(pid: number, niceness: number): void {
  try {
    setPriority(pid, niceness);
  } catch {
    // a kindness, not a need
  }
}
