import type { Engine } from './engine.js';

/** The kinds of code that cells are made of. No imports: TypeScript would make its program anew for each, and again without. */
const SAMPLES = [
  '0',
  "const parts: string[] = ['a', 'b'];\nconst join = ({ length }: typeof parts) => ({ parts, length });\njoin(parts);",
  'const wait = async (ms: number) => ms * 2;\nconst got = await wait(1);\nconsole.log(`${got}`);',
];
const ROUNDS = 4;
/** Longer than the 200 ms after which a client whose iopub was not connected yet asks again. */
const START_MS = 300;
const LATEST_MS = 1000;

/**
 * Loads what compiles while nobody waits: a moment after the kernel was last asked for something,
 * and then a piece at a time. `isBusy` tells whether a cell runs.
 */
export class WarmUp {
  private timer: NodeJS.Timeout | undefined;
  private remaining = Array.from({ length: ROUNDS }, () => SAMPLES).flat();
  private started = false;

  constructor(
    private readonly engine: () => Engine,
    private readonly isBusy: () => boolean,
  ) {
    this.after(LATEST_MS);
  }

  /** To be called when a request was answered. */
  touch(): void {
    if (this.started) return;
    clearTimeout(this.timer);
    this.after(START_MS);
  }

  /** Leaves the rest. */
  end(): void {
    this.started = true;
    clearTimeout(this.timer);
  }

  private step(): void {
    this.started = true;
    const sample = this.isBusy() ? undefined : this.remaining.shift();
    if (sample !== undefined) this.engine().warmUp(sample);
    if (this.remaining.length > 0) this.after(this.isBusy() ? START_MS : 1);
  }

  private after(ms: number): void {
    this.timer = setTimeout(() => this.step(), ms);
  }
}
