import type { EventEmitter } from 'node:events';
import { inspect } from 'node:util';
import { LabError } from './errors.js';
import { type Host, hasHost, installHost, noInput } from './host.js';
import { withDeadline } from './waiting.js';

type Show = (content: Record<string, unknown>, update: boolean) => void;

/** tslab's own module for what cells show: every cell begins by leaving a function of its own there. */
interface Jupyter {
  lastWriteDisplayData: Show | null;
}

/** What tslab leaves for the code of cells. */
type Holder = { __tslab__?: { require(id: 'tslab'): { versions: { typescript: string } } } };

/** What hooks may take, in ms: Jupyter kills a kernel two seconds and a half after SIGTERM. */
const HOOKS_LIMIT_MS = 2000;

/** Stock tslab offers no host: it gets one when a cell of it loads the library. Does nothing elsewhere. */
export function installHostInTslab(): void {
  const { __tslab__: tslab } = globalThis as Holder;
  if (hasHost() || !tslab) return;
  const jupyter = runningJupyter();
  if (!jupyter) return;
  const { versions } = tslab.require('tslab');
  installHost(tslabHost(jupyter, versions.typescript));
  // tslab prints what a cell throws, with its stack and its fields: of these errors the sentences say all.
  Object.defineProperty(LabError.prototype, inspect.custom, {
    value(this: LabError) {
      return this.message;
    },
  });
}

/** A global tslab loads the local one, which then runs the cells: the one that has begun one is meant. */
function runningJupyter(): Jupyter | undefined {
  return Object.values(require.cache)
    .filter((module) => /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(module?.filename ?? ''))
    .map((module) => module?.exports as Jupyter)
    .find(({ lastWriteDisplayData }) => lastWriteDisplayData);
}

/** What stock tslab can do of what the library asks. `process` is where signals arrive. */
export function tslabHost(
  jupyter: Jupyter,
  typescript: string,
  process: EventEmitter & { exit(code: number): void } = globalThis.process,
): Host {
  const cell = currentCell(jupyter);
  process.on('SIGINT', () => cell().abort(keyboardInterrupt()));
  return {
    typescript,
    printsResults: true,
    display: (data, { id, update = false, metadata = {} } = {}) => {
      const transient = id === undefined ? {} : { display_id: id };
      jupyter.lastWriteDisplayData?.({ data, metadata, transient }, update);
    },
    clear: () => {}, // tslab has no message for it
    input: async (prompt, { default: fallback } = {}) => {
      if (fallback !== undefined) return fallback;
      throw noInput(prompt, 'Stock tslab cannot ask.', "the lab's own kernel");
    },
    fail: (error) => {
      console.error('Failed in the background:', error);
      cell().abort(error);
      process.emit('SIGINT'); // tslab's one way to fail a cell that waits
    },
    onShutdown: shutdownHooks(process),
    signal: () => cell().signal,
  };
}

/** Gives what aborts the newest cell: it is another cell as soon as another function shows its output. */
function currentCell(jupyter: Jupyter): () => AbortController {
  let shownBy: Show | null = null;
  let controller = new AbortController();
  return () => {
    if (jupyter.lastWriteDisplayData === shownBy) return controller;
    shownBy = jupyter.lastWriteDisplayData;
    controller = new AbortController();
    return controller;
  };
}

/** An error of the name that the lab's kernel gives to its own. */
function keyboardInterrupt(): Error {
  return Object.assign(new Error('The cell was interrupted.'), { name: 'KeyboardInterrupt' });
}

/** tslab ends when nothing is left to do; where clients are, Jupyter sends SIGTERM, which tslab does not listen to. */
function shutdownHooks(process: EventEmitter & { exit(code: number): void }): Host['onShutdown'] {
  const hooks = new Set<() => unknown>();
  const runAll = async () => {
    const running = [...hooks].map(async (hook) => hook());
    hooks.clear();
    await withDeadline(Promise.allSettled(running), { ms: HOOKS_LIMIT_MS, late: () => {} });
  };
  process.on('beforeExit', () => void (hooks.size > 0 && runAll()));
  process.on('SIGTERM', () => void runAll().finally(() => process.exit(143)));
  return (hook) => {
    hooks.add(hook);
    return () => hooks.delete(hook);
  };
}
