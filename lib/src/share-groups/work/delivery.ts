import { ShareGroupError } from '../errors.js';
import { KINDS, type Kind } from '../protocol/acknowledgement.js';

/** What a handler can say of a record. */
export type AcknowledgementKind = Exclude<Kind, 'gap'>;

type Send = (kind: AcknowledgementKind) => Promise<void>;

/**
 * One delivery of a record to this member: `renew` any number of times, and then `accept`, `release` or `reject`, once, before the
 * lock runs out (KIP-932, "In-flight records").
 */
export class Delivery {
  #end: AcknowledgementKind | undefined;
  #last: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #isExpired = false;
  #expire: () => void = () => {};

  /** Resolves when the lock has run out, by this process's clock, before the record was accepted, released or rejected. */
  readonly expired: Promise<void>;

  /** @param lockTimeout in ms, from now on */
  constructor(
    private readonly lockTimeout: number,
    private readonly send: Send,
  ) {
    this.expired = new Promise((resolve) => {
      this.#expire = resolve;
    });
    this.#startLock();
  }

  /** Whether it has been accepted, released or rejected, or is about to be. */
  get isSettled(): boolean {
    return this.#end !== undefined;
  }

  /** The broker may have a later word on it. */
  get isExpired(): boolean {
    return this.#isExpired;
  }

  /** Whether nothing can become of it here any more. */
  get isOver(): boolean {
    return this.isSettled || this.#isExpired;
  }

  /** It belongs to this member no more, since its session is closed. */
  drop(): void {
    clearTimeout(this.#timer);
  }

  /**
   * Resolves when the broker has taken it. What fails although nobody waits for it is nobody's unhandled rejection.
   * @throws ShareGroupError ALREADY_ACKNOWLEDGED, BAD_INPUT, LATE_ACKNOWLEDGEMENT, IN_DOUBT, REFUSED, UNSUPPORTED_VERSION
   */
  acknowledge(kind: AcknowledgementKind): Promise<void> {
    const done = this.#acknowledge(kind);
    done.catch(() => undefined);
    return done;
  }

  async #acknowledge(kind: AcknowledgementKind): Promise<void> {
    if (!isKind(kind))
      throw new ShareGroupError('BAD_INPUT', `A record is not acknowledged by ${kind}.`);
    if (this.#end) throw acknowledged(this.#end);
    if (kind !== 'renew') {
      this.#end = kind;
      this.drop();
    }
    const sent = this.#last.then(() => this.send(kind));
    this.#last = sent.catch(() => undefined); // one after another
    await sent;
    if (kind === 'renew' && !this.#end) this.#startLock();
  }

  #startLock(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#isExpired = true;
      this.#expire();
    }, this.lockTimeout).unref();
  }
}

const isKind = (kind: string): boolean => kind !== 'gap' && KINDS.some((known) => known === kind);

const acknowledged = (by: AcknowledgementKind): ShareGroupError =>
  new ShareGroupError(
    'ALREADY_ACKNOWLEDGED',
    `This delivery of the record has been acknowledged before, by ${by}.`,
  );
