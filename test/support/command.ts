import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

export const ROOT = resolve(import.meta.dirname, '..', '..');
export const KAFKA_LAB = join(ROOT, 'lib', 'bin', 'kafka-lab.js');

export interface Outcome {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** stdout and stderr, as they came. */
  output: string;
}

/** A process that a test started, and everything it says. */
export class Started {
  output = '';
  readonly ended: Promise<Outcome>;
  readonly child: ChildProcess;

  constructor(
    command: string,
    args: string[],
    env: Record<string, string> = {},
    options: SpawnOptions = {},
  ) {
    this.child = spawn(command, args, {
      cwd: ROOT,
      ...options,
      env: { ...process.env, CI: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.ended = new Promise((done, failed) => {
      this.child.once('error', failed);
      this.child.once('close', (code, signal) => done({ code, signal, output: this.output }));
    });
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Waits until it has said something that matches. */
  async says(pattern: RegExp, limit = 60_000): Promise<RegExpExecArray> {
    let match: RegExpExecArray | null = null;
    const ended = () => this.child.exitCode !== null || this.child.signalCode !== null;
    await waitUntil(() => (match = pattern.exec(this.output)) || ended(), `${pattern}`, limit);
    if (!match) throw new Error(`It ended without saying ${pattern}:\n${this.output}`);
    return match;
  }
}

/** kafka-lab, in a process of its own, with its state in `state`. */
export function kafkaLab(state: string, args: string[], env: Record<string, string> = {}): Started {
  return new Started(process.execPath, [KAFKA_LAB, ...args], { ...env, KAFKA_LAB_STATE: state });
}

/**
 * A folder for the state of one lab, made when it is first asked for: a test that is skipped leaves none. `end` kills what is left
 * of that lab and says what that was.
 */
export function temporaryState(): { readonly path: string; end(): string[] } {
  let made: string | undefined;
  return {
    get path() {
      made ??= mkdtempSync(join(tmpdir(), 'lab-state-'));
      return made;
    },
    end: () => {
      if (!made) return [];
      const left = processesOf(made);
      for (const { pid } of left) kill(pid, 'SIGKILL');
      rmSync(made, { recursive: true, force: true, maxRetries: 10 });
      return left.map(({ command }) => command);
    },
  };
}

/** To a process that was found, and may have ended since. */
export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // gone already
  }
}

/** Every process that has the state folder of a lab in its environment: all that came of that lab. */
export const processesOf = (state: string) => processesWith('KAFKA_LAB_STATE', state);

/** Every process that has this variable in its environment. */
export function processesWith(name: string, value: string): { pid: number; command: string }[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && read(pid, 'environ').includes(`${name}=${value}\0`))
    .map((pid) => ({ pid: Number(pid), command: read(pid, 'cmdline').replaceAll('\0', ' ') }))
    .filter(({ command }) => command !== '');
}

function read(pid: string, file: string): string {
  try {
    return `${readFileSync(join('/proc', pid, file), 'utf8')}\0`
      .replace(/\0+$/, '\0')
      .replace(/^\0$/, '');
  } catch {
    return ''; // it is gone
  }
}

/** @param timing the limit in ms, or the limit and how often to look */
export async function waitUntil(
  isSo: () => unknown,
  what: string,
  timing: number | { limit: number; every: number } = 30_000,
): Promise<void> {
  const { limit, every } = typeof timing === 'number' ? { limit: timing, every: 50 } : timing;
  const deadline = performance.now() + limit;
  let isOver = false;
  while (!(await isSo())) {
    if (isOver) throw new Error(`Waited ${limit} ms for ${what}.`);
    await sleep(every);
    isOver = performance.now() > deadline;
    // After a stall of this process its timers come before what has arrived: that is heard before the last look.
    await nextTurn();
  }
}

/** Waits until nothing of a lab is left; fails with what is. */
export async function nothingLeft(state: string, limit = 15_000): Promise<void> {
  await waitUntil(() => processesOf(state).length === 0, 'every process to end', limit).catch(
    (error) => {
      const left = processesOf(state).map(({ pid, command }) => `${pid} ${command}`);
      throw new Error(`${error.message} Left:\n${left.join('\n')}`);
    },
  );
}
