/**
 * What the library asks of whatever runs it: the Jupyter kernel, or (with the fallback here) a plain process.
 * Kept apart from both, so that neither has to know the other.
 */
export interface Host {
  /** Shows a bundle {MIME type: content}; with an `id` shown before and `update`, replaces what it showed. */
  display(data: Record<string, unknown>, options?: { id?: string; update?: boolean }): void;
  /** Reports a failure in the background: it fails the cell that runs, or the next one. */
  fail(error: unknown): void;
  /** Runs `hook` before the process ends, within two seconds. Returns how to take it back. */
  onShutdown(hook: () => unknown): () => void;
  /** Aborted when the cell that is running now is interrupted. Take it at the start of a wait. */
  signal(): AbortSignal;
}

const KEY = Symbol.for('kafka-lab.host');
type Holder = { [KEY]?: Host };

export function installHost(host: Host): void {
  (globalThis as Holder)[KEY] = host;
}

export function host(): Host {
  return (globalThis as Holder)[KEY] ?? plainProcess;
}

const never = new AbortController().signal;

const plainProcess: Host = {
  display: (data) => console.log(data['text/plain'] ?? ''),
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
