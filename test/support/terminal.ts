import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { installed } from '../../lib/src/paths.ts';
import { KAFKA_LAB, ROOT, waitUntil } from './command.ts';

const SCRIPT = join(ROOT, 'test', 'support', 'terminal.py');

export interface TerminalOptions {
  rows?: number;
  columns?: number;
  /** Through npx, as a person would; without it Node is called at once. */
  npx?: boolean;
  env?: Record<string, string>;
}

/** A window in which kafka-lab runs: it believes to have a terminal, and is typed at. */
export class Terminal {
  /** All that it showed, as it came. */
  shown = '';
  /** The exit code. */
  readonly ended: Promise<number>;
  readonly #child: ChildProcess;
  #over = false;

  constructor(
    args: string[],
    { rows = 40, columns = 200, npx = false, env = {} }: TerminalOptions = {},
  ) {
    const command = npx ? ['npx', '--no', 'kafka-lab'] : [process.execPath, KAFKA_LAB];
    const { NO_COLOR, FORCE_COLOR, COLORTERM, CI, ...inherited } = process.env;
    this.#child = spawn(
      installed().python,
      [SCRIPT, String(rows), String(columns), ...command, ...args],
      {
        cwd: ROOT,
        env: { ...inherited, TERM: 'xterm-256color', ...env },
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.shown += text));
    this.ended = new Promise((resolve) => {
      this.#child.once('close', (code) => {
        this.#over = true;
        resolve(code ?? -1);
      });
    });
  }

  /** What it showed, without colours and the terminal's own line ends. */
  get text(): string {
    return this.shown.replace(/\x1b\[[\d;]*m/g, '').replaceAll('\r\n', '\n');
  }

  type(keys: string): void {
    this.#child.stdin!.write(keys);
  }

  /** Ctrl-C; returns the exit code. */
  interrupt(): Promise<number> {
    this.type('\x03');
    return this.ended;
  }

  /** Closes the window. */
  hangUp(): Promise<number> {
    this.#child.stdin!.end();
    return this.ended;
  }

  /** Waits until it has shown something that matches. */
  async shows(pattern: RegExp, limit = 20_000): Promise<RegExpExecArray> {
    let match: RegExpExecArray | null = null;
    const look = () => (match = pattern.exec(this.text));
    await waitUntil(() => look() || this.#over, String(pattern), limit).catch((error) => {
      throw new Error(`${error.message} Shown:\n${this.shown}`);
    });
    if (!look()) throw new Error(`It ended without ${pattern}:\n${this.shown}`);
    return match!;
  }
}

/** Opens terminals with `kafka-lab LINE` in them; those of a test are closed behind it. */
export function terminalsForEachTest(): (line: string, options?: TerminalOptions) => Terminal {
  const open = new Set<Terminal>();
  afterEach(async () => {
    await Promise.all([...open].map((terminal) => terminal.hangUp()));
    open.clear();
  });
  return (line, options) => {
    const started = new Terminal(line.split(' '), options);
    open.add(started);
    return started;
  };
}
