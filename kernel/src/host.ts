export interface InputOptions {
  /** The answer when nobody can be asked. */
  default?: string;
  /** Does not show what is typed. */
  password?: boolean;
}

export interface DisplayOptions {
  id?: string;
  update?: boolean;
  /** Kept with the output. */
  metadata?: Record<string, unknown>;
}

/** What a library that cells import may ask of this kernel. */
export interface Host {
  /** Which TypeScript checks the cells, such as 7.0.2. */
  readonly typescript: string;
  /** Shows a bundle {MIME type: content}; with an `id` shown before and `update`, replaces what it showed. */
  display(data: Record<string, unknown>, options?: DisplayOptions): void;
  /** Takes away what the cell has shown; with `wait`, when the next output is there to replace it. */
  clear(options?: { wait?: boolean }): void;
  /** Asks the person at the keyboard. @throws KernelError NO_INPUT if nobody can be asked and there is no default. */
  input(prompt: string, options?: InputOptions): Promise<string>;
  /** Reports a failure in the background: it fails the cell that runs, or the next one. */
  fail(error: unknown): void;
  /** Runs `hook` before the process ends, within two seconds. Returns how to take it back. */
  onShutdown(hook: () => unknown): () => void;
  /** Aborted when the cell that is running now is interrupted. */
  signal(): AbortSignal;
  /**
   * The code of a cell or file that is a module, and of those that it imports: by path, the module itself first, for Node's
   * `require` in a process of its own. Undefined where there is no such module. @throws SyntaxError
   */
  program(module: string): Record<string, string> | undefined;
}

/** Under this name among the symbols of globalThis a library finds the host. */
const KEY = Symbol.for('Jupyter.host');

export function offerHost(host: Host): void {
  Object.defineProperty(globalThis, KEY, { value: host, configurable: true, writable: true });
}
