import { randomBytes } from 'node:crypto';
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { javaEnvironment, requireProc } from '../broker/embedded/java.js';
import { LabError } from '../errors.js';
import { boundLog, errorLines, openLog, readLog } from '../log.js';
import { installed } from '../paths.js';
import { type Exit, type Guarded, spawnGuarded } from '../processes/guarded.js';
import { initialConfiguration, USER } from './configuration.js';

export interface QpidOptions {
  /** A folder that is its own: its log, and what it may write. */
  folder: string;
  /** How long it may take until it can be used, in ms. */
  limit?: number;
  signal?: AbortSignal | undefined;
  /** Called as soon as the process exists. */
  onSpawn?: (qpid: Guarded) => void;
}

/** A Qpid that takes connections. */
export interface Qpid {
  /** With the password of this run. */
  readonly url: string;
  readonly log: string;
  readonly exited: Promise<Exit>;
  /** Ends it and whatever it holds. Its clients are notified. */
  stop(): Promise<Exit>;
}

const FLAGS = [
  '-Xmx96m', // a lesson's queue is short, and in memory
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1', // starts faster, and is never hot
  '-XX:+ExitOnOutOfMemoryError',
  '-XX:-UsePerfData', // nothing left in /tmp
];

/**
 * Starts Apache Qpid with a password made for it. It ends when this process does, however that goes.
 * @throws LabError NOT_SET_UP, QUEUE_FAILED, TIMED_OUT, INTERRUPTED; nothing of it is left then but its log
 */
export async function startQpid(options: QpidOptions): Promise<Qpid> {
  requireProc();
  const password = randomBytes(24).toString('hex');
  const log = join(options.folder, 'qpid.log');
  const qpid = await spawn(options.folder, log, initialConfiguration(password));
  try {
    options.onSpawn?.(qpid);
    const port = await untilReady(qpid, log, options);
    const url = `amqp://${USER}:${password}@127.0.0.1:${port}`;
    return { url, log, exited: qpid.exited, stop: () => qpid.stop(1200) };
  } catch (error) {
    qpid.kill('SIGKILL');
    await qpid.exited;
    throw error;
  }
}

async function spawn(folder: string, log: string, configuration: string): Promise<Guarded> {
  const { java, jars } = programs();
  const { file: output } = openLog(log);
  const input = unnamedFile(join(folder, 'configuration.json'), configuration);
  // Its work folder holds nothing, and tells this Qpid from another's in the list of processes.
  const main = ['org.apache.qpid.server.Main', '-st', 'Memory', '-icp', '/dev/stdin'];
  const places = [`-Djava.io.tmpdir=${folder}`, `-XX:ErrorFile=${join(folder, 'crash.log')}`];
  const work = ['-prop', `qpid.work_dir=${folder}`];
  const command = [java, ...FLAGS, ...places, '-cp', jars.join(':'), ...main, ...work];
  try {
    const env = javaEnvironment();
    const qpid = await spawnGuarded(command, { cwd: folder, env, output, input, apart: true });
    void qpid.exited.then(boundLog(log));
    return qpid;
  } catch (cause) {
    throw new LabError('QUEUE_FAILED', {
      what: 'The queue could not be started.',
      why: String(cause),
      cause,
    });
  } finally {
    closeSync(output);
    closeSync(input);
  }
}

/**
 * A file that only its descriptor leads to: it has no name by the time that somebody could read it, and goes with whoever
 * holds it. (A pipe of Node's is a socket, and cannot be opened as /dev/stdin.)
 */
function unnamedFile(path: string, content: string): number {
  writeFileSync(path, content, { mode: 0o600 });
  try {
    return openSync(path, 'r');
  } finally {
    rmSync(path);
  }
}

async function untilReady(
  qpid: Guarded,
  log: string,
  { limit = 60_000, signal }: QpidOptions,
): Promise<number> {
  const deadline = performance.now() + limit;
  let ended: Exit | undefined;
  void qpid.exited.then((exit) => (ended = exit));
  for (;;) {
    const said = readLog(log);
    const [, port] = /BRK-1002 .* TCP port (\d+)/.exec(said) ?? [];
    if (port && said.includes('BRK-1004')) return Number(port);
    if (ended) throw failure(ended, log);
    if (signal?.aborted)
      throw new LabError('INTERRUPTED', { what: 'Starting the queue was interrupted.' });
    if (performance.now() > deadline) throw tooLate(limit, log);
    await sleep(20);
  }
}

/** @throws LabError NOT_SET_UP, also where an earlier set-up has installed no queue */
export function programs(): { java: string; jars: string[] } {
  const { java, queueJars: jars } = installed();
  if (jars) return { java, jars };
  throw new LabError('NOT_SET_UP', {
    what: 'The queue is not installed.',
    why: 'The lab was set up by a version without one.',
    fix: 'Run: npm run setup',
  });
}

function failure({ code, signal }: Exit, log: string): LabError {
  return new LabError('QUEUE_FAILED', {
    what: `The queue ended while it started (${signal ?? `exit code ${code}`}).`,
    why: `Its log, ${log}, ends with: ${errorLines(readLog(log)) || '(nothing)'}`,
    fix: 'Run: npm run setup',
  });
}

function tooLate(limit: number, log: string): LabError {
  return new LabError('TIMED_OUT', {
    what: `The queue was not ready within ${Math.round(limit / 1000)} s of its start.`,
    why: `Its log, ${log}, ends with: ${errorLines(readLog(log)) || '(nothing)'}`,
    fix: 'If this machine is very busy, try again when it is less so.',
  });
}
