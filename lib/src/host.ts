import { createInterface } from 'node:readline/promises';
import { LabError } from './errors.js';

export interface InputOptions {
  /** The answer when nobody can be asked: headless, or outside a notebook. */
  default?: string;
  /** Does not show what is typed. */
  password?: boolean;
}

export interface DisplayOptions {
  id?: string;
  update?: boolean;
  /** Kept with the output. Under ON_STAGE, a bundle for slides in place of this one; an empty one: nothing. */
  metadata?: Record<string, unknown>;
}

/** Where an output's metadata hold what slides show in its place. */
export const ON_STAGE = 'kafka-lab-on-stage';

/**
 * What the library asks of whatever runs it: the Jupyter kernel, or (with the fallback here) a plain process.
 * The kernel offers one of its own, which has to fit: neither knows the other.
 */
export interface Host {
  /** Which TypeScript checks the cells, such as 7.0.2; undefined where there are none. */
  readonly typescript?: string;
  /** Whether it only prints the last value of a cell: what can show itself then does so when it is printed. */
  readonly printsResults?: boolean;
  /** Shows a bundle {MIME type: content}; with an `id` shown before and `update`, replaces what it showed. */
  display(data: Record<string, unknown>, options?: DisplayOptions): void;
  /** Takes away what the cell has shown; with `wait`, when the next output is there to replace it. */
  clear(options?: { wait?: boolean }): void;
  /** Asks the person at the keyboard. Rejects with `code` NO_INPUT if nobody can be asked and there is no default. */
  input(prompt: string, options?: InputOptions): Promise<string>;
  /** Reports a failure in the background: it fails the cell that runs, or the next one. */
  fail(error: unknown): void;
  /** Runs `hook` before the process ends, within two seconds. Returns how to take it back. */
  onShutdown(hook: () => unknown): () => void;
  /** Aborted when the cell that is running now is interrupted. Take it at the start of a wait. */
  signal(): AbortSignal;
  /**
   * The code of a module that a cell is, and of those that it imports: by path, the module itself first, for Node's `require` in
   * another process. Undefined where there is no such module; left out where cells cannot be modules of that kind.
   */
  program?(module: string): Record<string, string> | undefined;
}

/** Where the kernel leaves its own. */
const KEY = Symbol.for('Jupyter.host');
type Holder = { [KEY]?: Host };

export function hasHost(): boolean {
  return KEY in globalThis;
}

/** What it leaves out is done as in a plain process. */
export function installHost(host: Partial<Host>): void {
  (globalThis as Holder)[KEY] = { ...plainProcess, ...host };
}

export function host(): Host {
  return (globalThis as Holder)[KEY] ?? plainProcess;
}

/** The error of a question that cannot be put to anybody, for a reason that is a sentence. */
export function noInput(prompt: string, why: string, where = 'JupyterLab'): LabError {
  return new LabError('NO_INPUT', {
    what: `Nobody can answer “${prompt.trim()}”.`,
    why,
    fix: `Ask in a cell that runs in ${where}, or give an answer for this case: input(…, { default: … }).`,
  });
}

const never = new AbortController().signal;

const plainProcess: Host = {
  display: (data) => console.log(data['text/plain'] ?? ''),
  clear: () => console.clear(),
  input: askTerminal,
  fail: (error) => {
    throw error;
  },
  onShutdown: (hook) => {
    const run = () => void hook();
    process.once('beforeExit', run);
    return () => process.off('beforeExit', run);
  },
  signal: () => never,
};

async function askTerminal(prompt: string, { default: fallback }: InputOptions = {}) {
  if (!process.stdin.isTTY) {
    if (fallback !== undefined) return fallback;
    throw noInput(prompt, 'There is no terminal to ask in.');
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  return terminal.question(prompt).finally(() => terminal.close());
}
