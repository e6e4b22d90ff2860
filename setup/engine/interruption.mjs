import { constants } from 'node:os';
import { watchNpm } from './npm.mjs';
import { Interrupted } from './problem.mjs';

/** @typedef {import('./child.mjs').Run} Run */

const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** What happens when somebody ends set-up: what it runs ends as well, and nothing new begins. The second time: at once. */
export class Interruption {
  #children;
  #onStop;
  #abort = new AbortController();
  #npm;

  /** Aborted from the first signal on. */
  signal = this.#abort.signal;

  /** The exit code that tells of the signal; 0 if there was none. */
  code = 0;

  /**
   * @param {import('./child.mjs').Children} children
   * @param {() => void} onStop called at the first signal
   */
  constructor(children, onStop) {
    this.#onStop = onStop;
    this.#children = children;
    for (const signal of SIGNALS) process.on(signal, this.#stop);
    this.#npm = watchNpm(() => this.#stop('SIGHUP'));
  }

  close() {
    clearInterval(this.#npm);
    for (const signal of SIGNALS) process.off(signal, this.#stop);
  }

  /** @param {Run} run @returns {Run} the same, but for refusing once interrupted */
  guard(run) {
    return async (...args) => {
      if (this.signal.aborted) throw this.signal.reason;
      await run(...args);
      if (this.signal.aborted) throw this.signal.reason;
    };
  }

  /** @param {NodeJS.Signals} signal */
  #stop = (signal) => {
    if (this.signal.aborted) {
      this.#children.killAll();
      process.exit(this.code);
    }
    this.code = 128 + (constants.signals[signal] ?? 0);
    this.#onStop();
    this.#abort.abort(new Interrupted(signal));
    void this.#children.endAll();
  };
}
