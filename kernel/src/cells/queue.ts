import { log } from '../log.js';

/** Runs requests one at a time, in the order in which they came. */
export class ExecutionQueue {
  private last: Promise<void> = Promise.resolve();
  private received = 0;
  private aborted = 0;

  /** `run` is told whether the request was aborted while it waited. */
  add(run: (aborted: boolean) => Promise<void>): void {
    const turn = ++this.received;
    this.last = this.last
      .then(() => run(turn <= this.aborted))
      .catch((error: unknown) => log('request failed', error));
  }

  /** Aborts all that wait now; what comes later runs. */
  abort(): void {
    this.aborted = this.received;
  }
}
