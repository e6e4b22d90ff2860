import { Session } from 'node:inspector';
import { setTimeout as delay } from 'node:timers/promises';
import { log } from './log.js';
import { isShielded, PINGED } from './shield.js';
import { UNWIND } from './unwind.js';

/** How long the main thread may leave a ping unanswered before it is taken to compute. */
const PATIENCE_MS = 500;
const AGAIN_MS = 250;
const POLL_MS = 20;
const MAX_ROUNDS = 40;

/** Makes the main thread come back to its event loop. Lives in another thread. */
export class Stopper {
  private serial = 0;
  private busy = false;

  /** `ping` has the main thread store the number at PINGED in `shared`. */
  constructor(
    private readonly shared: Int32Array,
    private readonly ping: (serial: number) => void,
  ) {}

  /** Stops what computes in the main thread; does nothing to a thread that answers. */
  async free(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      this.ping(++this.serial);
      for (let round = 0; round < MAX_ROUNDS; round++) {
        if (await this.answered(round === 0 ? PATIENCE_MS : AGAIN_MS)) return;
        if (!isShielded(this.shared)) await terminate();
      }
      log('the main thread could not be stopped');
    } finally {
      this.busy = false;
    }
  }

  private async answered(limit: number): Promise<boolean> {
    for (let waited = 0; waited < limit; waited += POLL_MS) {
      if (Atomics.load(this.shared, PINGED) >= this.serial) return true;
      await delay(POLL_MS, undefined, { ref: false });
    }
    return Atomics.load(this.shared, PINGED) >= this.serial;
  }
}

/** Both go out together: between them the code would run on, and leave traces again. */
async function terminate(): Promise<void> {
  const session = new Session();
  session.connectToMainThread();
  const expression = `globalThis[Symbol.for('${UNWIND}')]()`;
  session.post('Runtime.evaluate', { expression });
  const done = new Promise<void>((resolve) =>
    session.post('Runtime.terminateExecution', () => resolve()),
  );
  // Native code (a child process waited for) hears nothing until it returns.
  await Promise.race([done, delay(AGAIN_MS, undefined, { ref: false })]);
  session.disconnect(); // a process with an open session does not exit
}
