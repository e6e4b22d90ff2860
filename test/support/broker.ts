import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach } from 'vitest';
import { stopBroker } from '../../lib/src/broker/index.ts';
import { root } from '../../lib/src/paths.ts';
import { processCommand, processStart } from '../../lib/src/processes/processes.ts';
import { waitUntil } from './command.ts';
import { listenersOf } from './listeners.ts';

/** A fresh state folder for each test, in which nothing stays alive. Its name has a space, a comma and an umlaut. */
export function stateForEachTest(): { readonly path: string } {
  const state = { path: '' };
  beforeEach(() => {
    state.path = realpathSync(mkdtempSync(join(tmpdir(), 'kafka-lab tëst, ')));
    process.env['KAFKA_LAB_STATE'] = state.path;
  });
  afterEach(async () => {
    for (const holder of held.splice(0)) holder.kill('SIGKILL');
    await removeState(state.path);
  });
  return state;
}

/**
 * Removes the state folder, once nothing runs on it any more: Kafka stays for a minute after the last lease, and a folder that is
 * written to cannot be removed.
 */
export async function removeState(path: string): Promise<void> {
  await stopBroker();
  await until(() => processesOf(path).length === 0, 'supervisor and Kafka to be gone', 20_000);
  rmSync(path, { recursive: true, force: true });
}

const held: ChildProcess[] = [];

export interface HolderProcess {
  readonly pid: number;
  /** Resolves when it has its lease. */
  readonly ready: Promise<{ brokers: string[] }>;
  /** Resolves when it is told that the broker is lost, or gets none. */
  readonly error: Promise<{ code: string; message: string }>;
  /** Ends it without its doing anything. */
  kill(): void;
  /** Has it release its lease; resolves when it has ended. */
  release(): Promise<void>;
}

const SCRIPT = `
const { leaseBroker } = require(${JSON.stringify(join(root, 'lib', 'dist', 'broker', 'index.js'))});
const say = (key, value) => console.log(JSON.stringify({ [key]: value }));
const error = ({ code, message }) => say('error', { code, message });
leaseBroker({ holder: 'test', linger: Number(process.argv[1]) }).then((lease) => {
  lease.onLost(error);
  say('ready', { brokers: lease.connection.brokers });
  process.stdin.once('data', () => lease.release().then(() => process.exit(0)));
}, error);
setInterval(() => {}, 1000);
`;

/** A process of its own that holds the broker of this test's state folder, or of another. */
export function holderProcess(linger = 0, env: NodeJS.ProcessEnv = {}): HolderProcess {
  const child = spawn(process.execPath, ['-e', SCRIPT, String(linger)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  held.push(child);
  const lines = createInterface({ input: child.stdout });
  const told = <T>(key: string) =>
    new Promise<T>((resolve) => {
      lines.on('line', (line) => key in JSON.parse(line) && resolve(JSON.parse(line)[key]));
    });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    pid: child.pid!,
    ready: told('ready'),
    error: told('error'),
    kill: () => void child.kill('SIGKILL'),
    release: () => {
      child.stdin.write('go\n');
      return exited;
    },
  };
}

/** The pids of every Kafka whose data is in a state folder, however it came to be there. */
export function kafkasOn(state: string): number[] {
  const isKafka = (command: string) =>
    command.includes(' kafka.Kafka ') && !command.includes('kafka-guard');
  return processesOf(state).filter((pid) => isKafka(processCommand(pid)));
}

/** Kafka, its guard and its supervisor, as far as they live. */
export function processesOf(state: string): number[] {
  return pids().filter((pid) => processCommand(pid).includes(state));
}

/** The living supervisor of a state folder, once it can be spoken to. */
export function supervisorOf(state: string): number | undefined {
  try {
    const { pid, start } = JSON.parse(readFileSync(join(state, 'run', 'supervisor.json'), 'utf8'));
    return processStart(pid) === start ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** The process that kills Kafka should the supervisor be gone. */
export function guardOf(kafka: number): number {
  const guard = pids().find(
    (pid) => processCommand(pid).includes('kafka-guard') && parentOf(pid) === kafka,
  );
  if (!guard) throw new Error(`Kafka ${kafka} has no guard`);
  return guard;
}

function pids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => processStart(pid));
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

/** The local addresses on which a process listens, as /proc has them: 0100007F is 127.0.0.1. */
export const listening = (pid: number): string[] => listenersOf(pid).map(({ address }) => address);

/** Waits until something is so. */
export const until = (isSo: () => unknown, what: string, limit = 10_000): Promise<void> =>
  waitUntil(isSo, what, { limit, every: 25 });
