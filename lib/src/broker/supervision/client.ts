import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { resolve } from 'node:path';
import { LabError } from '../../errors.js';
import { errorLines, openLog, readLog } from '../../log.js';
import { stateDir } from '../../paths.js';
import { privateFolder } from '../../private.js';
import { readJson } from '../../processes/files.js';
import { lockHolder } from '../../processes/lock.js';
import { isAlive, type ProcessId } from '../../processes/processes.js';
import { PROGRAMS } from '../../programs.js';
import { withDeadline } from '../../waiting.js';
import { type Address, files } from './protocol.js';

/** A connection to the supervisor that is running, and what proves that we may speak to it. */
export interface Line {
  socket: Socket;
  token: string;
  supervisor: ProcessId;
}

/** Connects to the supervisor, if one is running. */
export async function reachSupervisor(): Promise<Line | undefined> {
  const { pid, start, port, token } = readJson<Address>(files.address()) ?? {};
  if (!pid || !start || !port || !token || !isAlive({ pid, start })) return undefined;
  const socket = await connected(port);
  return socket && { socket, token, supervisor: { pid, start } };
}

function connected(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('error', () => resolve(undefined));
    socket.once('connect', () => resolve(socket.setNoDelay()));
  });
}

/**
 * Connects to the supervisor; starts one if none is running or about to, for so many brokers.
 * @throws LabError BROKER_FAILED, TIMED_OUT after `limit` ms, INTERRUPTED
 */
export async function startSupervisor(
  limit: number,
  signal?: AbortSignal,
  brokers = 1,
): Promise<Line> {
  const deadline = performance.now() + limit;
  const launcher = new Launcher(brokers);
  for (;;) {
    const line = await reachSupervisor();
    if (line) return line;
    throwIfInterrupted(signal);
    if (performance.now() > deadline) throw unreachable(limit);
    // One that holds the lock is about to open its door, or about to go: either way it is not for us to start another.
    if (!lockHolder(files.lock())) launcher.start();
    // Of two that start at once, one waits for the other: its event loop has to go on.
    await withDeadline(launcher.failure(), { ms: 10, late: () => undefined });
  }
}

/** Starts a supervisor, and another one once it is known how that ended. */
class Launcher {
  /** Resolves with the exit code of the one that was started last. */
  private started: Promise<number | null> | undefined;

  constructor(private readonly brokers: number) {}

  start(): void {
    if (this.started) return;
    this.started = launched(this.brokers);
    this.started.catch(() => {}); // `failure` reports it
  }

  /** Rejects if the supervisor crashes; resolves when it ends in another way; never settles while none was started. */
  async failure(): Promise<void> {
    if (!this.started) return new Promise(() => {});
    const code = await this.started;
    this.started = undefined;
    refuseIfCrashed(code);
  }
}

/** Starts a supervisor in a session of its own. Resolves with its exit code, should it end while we wait. */
function launched(brokers: number): Promise<number | null> {
  privateFolder(stateDir('run'));
  const { NODE_OPTIONS, ...env } = process.env; // a debugger's or a kernel's, not for this
  void NODE_OPTIONS;
  const { file } = openLog(files.supervisorLog());
  const state = resolve(stateDir());
  const options = { cwd: state, env: { ...env, KAFKA_LAB_STATE: state }, detached: true };
  // The folder is for people who look at the list of processes: it tells this lab's from another's.
  const child = spawn(process.execPath, [PROGRAMS.supervisor, state, String(brokers)], {
    ...options,
    stdio: ['ignore', file, file],
  });
  closeSync(file);
  child.unref();
  return new Promise((resolve, reject) => child.once('exit', resolve).once('error', reject));
}

function refuseIfCrashed(code: number | null): void {
  if (!code) return; // another one won the election, or somebody killed it: try again
  throw new LabError('BROKER_FAILED', {
    what: `The lab's supervisor ended before Kafka was started (exit code ${code}).`,
    why: `Its log, ${files.supervisorLog()}, ends with: ${errorLines(readLog(files.supervisorLog()))}`,
    fix: 'Run: npm run setup',
  });
}

export function throwIfInterrupted(signal?: AbortSignal): void {
  if (signal?.aborted)
    throw new LabError('INTERRUPTED', { what: 'Waiting for Kafka was interrupted.' });
}

function unreachable(limit: number): LabError {
  const holder = lockHolder(files.lock());
  return new LabError('TIMED_OUT', {
    what: `The lab's supervisor did not answer within ${Math.round(limit / 1000)} s.`,
    why: holder
      ? `Process ${holder.pid} holds ${files.lock()} and does not answer.`
      : errorLines(readLog(files.supervisorLog())),
    fix: holder ? `Run: npx --no kafka-lab stop` : '',
  });
}
