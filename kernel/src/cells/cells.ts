import { AsyncLocalStorage } from 'node:async_hooks';
import { inspect } from 'node:util';
import type { ExecuteRequest, Message } from '../messages.js';

/** One execution of a cell. */
export class Cell {
  private readonly controller = new AbortController();
  /** Why it failed before its own code had ended. Boxed: anything can be thrown, undefined too. */
  failure: { error: unknown } | undefined;
  /** Set when its idle status is out: output that comes later is late. */
  closed = false;

  constructor(
    readonly request: Message<ExecuteRequest>,
    readonly count: number,
  ) {}

  /** Found on what it started, as a timer, when that is printed. */
  [inspect.custom](): string {
    return `cell [${this.count}]`;
  }

  /** Aborted when the cell is interrupted or something fails it; the reason is that error. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Settles as `promise` does, or rejects as soon as the cell fails. */
  async race<T>(promise: Promise<T>): Promise<T> {
    const { signal } = this;
    signal.throwIfAborted();
    let stop = () => {};
    const failed = new Promise<never>((_, reject) => {
      stop = () => reject(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
    });
    return Promise.race([promise, failed]).finally(() => signal.removeEventListener('abort', stop));
  }

  /** Ends the waiting of the cell with `error`. The first failure counts: returns whether it is. */
  fail(error: unknown): boolean {
    if (this.failure) return false;
    this.failure = { error };
    this.controller.abort(error);
    return true;
  }
}

/** Knows which cell runs, and which cell started the code that is running right now. */
export class Cells {
  private readonly storage = new AsyncLocalStorage<Cell>();
  running: Cell | undefined;
  private last: Cell | undefined;

  /** `onRun` is told of each cell that begins. */
  constructor(private readonly onRun: (cell: Cell) => void = () => {}) {}

  /** Runs `body` such that it, and all that it starts, is known to come from `cell`. */
  run<T>(cell: Cell, body: () => T): T {
    this.running = this.last = cell;
    this.onRun(cell);
    return this.storage.run(cell, body);
  }

  /** The cell that started the code that is running right now, where that is known. */
  origin(): Cell | undefined {
    return this.storage.getStore();
  }

  /** The cell that output of the code that is running right now belongs to. */
  current(): Cell | undefined {
    return this.origin() ?? this.running ?? this.last;
  }
}
