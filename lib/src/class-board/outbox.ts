import { withDeadline } from '../waiting.js';

/** In ms: the reply of the cell goes first, and what its other checks say goes along. */
const SOON = 250;
/** What could not be sent is tried again after this time. */
const LATER = 30_000;
/** Whoever closes waits so long for what is still to be sent. */
const LAST = 1000;

/** Has things sent in the background, never two at once, and again later what failed. It keeps no process alive. */
export class Outbox {
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<boolean> | undefined;
  #isDue = false;
  #isClosed = false;

  /** @param send sends all that is due; whether it has. Never rejects */
  constructor(private readonly send: () => Promise<boolean>) {}

  /** Something is due. */
  due(): void {
    this.#isDue = true;
    this.#after(SOON);
  }

  /** Sends what is due at once, within a second. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    const last = async () => {
      await this.#sending;
      if (this.#isDue) await this.#begin();
    };
    await withDeadline(last(), { ms: LAST, late: () => undefined });
  }

  #after(ms: number): void {
    if (this.#timer || this.#sending || this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#begin();
    }, ms).unref();
  }

  async #begin(): Promise<void> {
    this.#isDue = false;
    this.#sending = this.send();
    const isSent = await this.#sending;
    this.#sending = undefined;
    if (!isSent) this.#isDue = true;
    if (this.#isDue) this.#after(isSent ? SOON : LATER);
  }
}
