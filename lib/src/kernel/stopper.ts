import { Session } from 'node:inspector';
import { setTimeout as delay } from 'node:timers/promises';
import { log } from './log.js';
import { HELD, isShielded, ORDERED, PINGED } from './shield.js';
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
        if (!isShielded(this.shared)) await terminate(this.shared);
      }
      log('the main thread could not be stopped');
    } finally {
      this.busy = false;
    }
  }

  private async answered(limit: number): Promise<boolean> {
    for (let waited = 0; waited < limit; waited += POLL_MS) {
      if (Atomics.load(this.shared, PINGED) >= this.serial) return true;
      await pause(POLL_MS);
    }
    return Atomics.load(this.shared, PINGED) >= this.serial;
  }
}

/** Where the main thread may be stopped it is held, so that it runs nothing between what prepares it and the order. */
async function terminate(shared: Int32Array): Promise<void> {
  const session = new Session();
  session.connectToMainThread();
  const request = await hold(session, shared);
  const done = new Promise<void>((resolve) =>
    session.post('Runtime.terminateExecution', () => resolve()),
  );
  Atomics.store(shared, ORDERED, request);
  Atomics.notify(shared, ORDERED);
  await Promise.race([done, pause(AGAIN_MS)]);
  session.disconnect(); // a process with an open session does not exit
}

/**
 * Asks until the main thread is held, and returns the number of the request. After a while it is to be stopped wherever it is:
 * native code (a child process waited for) hears nothing until it returns, and a library of Node's may compute for long.
 */
async function hold(session: Session, shared: Int32Array): Promise<number> {
  const deadline = performance.now() + AGAIN_MS;
  const request = Atomics.load(shared, ORDERED) + 1;
  const expression = `globalThis[Symbol.for('${UNWIND}')](${request})`;
  let isAnswered = true;
  const ask = () => {
    isAnswered = false;
    session.post('Runtime.evaluate', { expression }, () => (isAnswered = true));
  };
  while (Atomics.load(shared, HELD) !== request) {
    if (isAnswered) ask();
    if (performance.now() > deadline) break;
    await pause(1);
  }
  return request;
}

function pause(ms: number): Promise<void> {
  return delay(ms, undefined, { ref: false });
}
