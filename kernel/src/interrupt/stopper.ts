import { Session } from 'node:inspector';
import { setTimeout as delay } from 'node:timers/promises';
import { log } from '../log.js';
import { HELD, isShielded, OPEN, ORDERED, PINGED, WAITING, WITHDRAWN } from './shield.js';
import { IDLE, UNWIND } from './unwind.js';
import { endChecker, signalWaited } from './waited-children.js';

/** How long the main thread may leave a ping unanswered before it is taken to compute. */
const PATIENCE_MS = 500;
const AGAIN_MS = 250;
const POLL_MS = 20;
/**
 * After so many answers that the thread is where it is not to be stopped, it is stopped there, and Node may abort the process.
 * A number and not a time: on a busy machine a time holds few of them, and a loop that awaits is mostly in Node's code.
 */
const REFUSALS = 100;
/** A child process that goes on for so long after SIGINT is killed. */
const CHILD_MS = 3000;
/** A check of types that goes on for so long is ended with its process. */
const CHECK_MS = 1000;

/** Makes the main thread come back to its event loop. Lives in another thread. */
export class Stopper {
  private serial = 0;
  private pinged = 0;
  private busy = false;
  private began = 0;
  private signalled = 0;

  /** `ping` has the main thread store the number at PINGED in `shared`. */
  constructor(
    private readonly shared: Int32Array,
    private readonly ping: (serial: number) => void,
  ) {}

  /**
   * Stops what computes in the main thread; does nothing to a thread that answers. Native code (a password hashed, a
   * read from a pipe) cannot be stopped: then what called it is, as soon as it returns.
   */
  async free(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.began = performance.now();
    try {
      this.serial += 1;
      this.sendPing();
      await this.answered(PATIENCE_MS);
      while (!this.isAnswered()) {
        this.interruptChild();
        this.endCheck();
        if (!isShielded(this.shared)) await this.terminate();
        await this.answered(AGAIN_MS);
      }
    } catch (error) {
      log('not stopped', error);
    } finally {
      this.busy = false;
    }
  }

  private sendPing(): void {
    this.pinged = performance.now();
    this.ping(this.serial);
  }

  /**
   * The thread runs nothing, and yet has not answered: its ping is lost, since an order took effect late, in what took the
   * ping. Not while it computes: another order may be on its way to what takes this one.
   */
  private pingAgain(): void {
    if (performance.now() - this.pinged > AGAIN_MS) this.sendPing();
  }

  private isAnswered(): boolean {
    return Atomics.load(this.shared, PINGED) >= this.serial;
  }

  /** Resolves when the thread has answered, or after `limit` ms. */
  private async answered(limit: number): Promise<void> {
    for (let waited = 0; waited < limit && !this.isAnswered(); waited += POLL_MS) {
      await pause(POLL_MS);
    }
  }

  /** The thread is held where it may be stopped, so that it runs nothing between what prepares it and the order. */
  private async terminate(): Promise<void> {
    const session = new Session();
    session.connectToMainThread();
    try {
      const request = await this.hold(session);
      if (request === undefined) return;
      let done = false;
      session.post('Runtime.terminateExecution', () => (done = true));
      Atomics.store(this.shared, ORDERED, request);
      while (!done && !this.isAnswered()) await pause(1);
    } finally {
      session.disconnect(); // a process with an open session does not exit
    }
  }

  /**
   * Asks until the thread is held, and returns the number of the request; undefined if it has come back by itself.
   * It is asked again only when it has answered, and native code does not answer until it returns. When it has often said
   * that it is not to be stopped where it is, it is held there: a library of Node's may compute for ever.
   */
  private async hold(session: Session): Promise<number | undefined> {
    const { shared } = this;
    const request = Atomics.load(shared, ORDERED) + 1;
    Atomics.store(shared, HELD, OPEN);
    let isPending = false;
    let refusals = 0;
    const ask = () => {
      const anywhere = refusals > REFUSALS;
      const expression = `globalThis[Symbol.for('${UNWIND}')](${request}, ${anywhere})`;
      isPending = true;
      session.post('Runtime.evaluate', { expression }, (_, answer) => {
        isPending = false;
        if (answer?.result.value === IDLE) this.pingAgain();
        else refusals += 1;
      });
    };
    while (Atomics.load(shared, HELD) !== request) {
      if (!isPending) ask();
      this.interruptChild();
      if (this.isAnswered() && Atomics.compareExchange(shared, HELD, OPEN, WITHDRAWN) === OPEN)
        return;
      await pause(1);
    }
    return request;
  }

  /** Ends the process that checks types, if the thread may be waiting for it: the next cell has another one. */
  private endCheck(): void {
    if (!isShielded(this.shared) || performance.now() - this.began < CHECK_MS) return;
    endChecker(this.shared);
  }

  /** Ends the child process that the thread waits for. */
  private interruptChild(): void {
    const now = performance.now();
    if (!Atomics.load(this.shared, WAITING) || now - this.signalled < AGAIN_MS) return;
    this.signalled = now;
    signalWaited(now - this.began < CHILD_MS ? 'SIGINT' : 'SIGKILL');
  }
}

function pause(ms: number): Promise<void> {
  return delay(ms, undefined, { ref: false });
}
