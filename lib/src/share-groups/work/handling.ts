import type { AcquiredRecord } from '../session/acquired.js';
import { type AcknowledgementKind, Delivery } from './delivery.js';
import type { RecordEvent, Tell } from './events.js';

/** What a handler gets. */
export interface EachSharedMessagePayload extends RecordEvent {
  /**
   * Says what becomes of the record (KIP-932, "In-flight records"): `accept`, it is done; `release`, somebody gets it again;
   * `reject`, nobody does; `renew`, its lock begins anew (KIP-1222). Resolves when the broker has taken it.
   * @throws ShareGroupError LATE_ACKNOWLEDGEMENT if the lock has run out, ALREADY_ACKNOWLEDGED, IN_DOUBT, REFUSED,
   * UNSUPPORTED_VERSION, BAD_INPUT
   */
  acknowledge(kind?: AcknowledgementKind): Promise<void>;
  /** Aborted when the consumer stops, which waits for the handler until its record's lock runs out. */
  signal: AbortSignal;
}

export interface HandlingOptions {
  eachMessage(payload: EachSharedMessagePayload): Promise<void>;
  /**
   * Whether a record is accepted when its handler returns, and released when it throws, unless the handler has said what becomes
   * of it. True unless given; with false a record of which nothing is said belongs to this member until its lock runs out.
   */
  autoAcknowledge?: boolean;
}

/** A record, how long it belongs to this member, and how to acknowledge it. */
export interface Acquisition {
  record: AcquiredRecord;
  topic: string;
  /** In ms. */
  lockTimeout: number;
  acknowledge(kind: AcknowledgementKind): Promise<void>;
}

/** A record that waits for its handler, or is with it, or waits for an acknowledgement. */
export interface Held {
  /** Hands it to the handler, in turn; resolves when that has ended and the record is acknowledged, or will be. */
  handle(): Promise<void>;
  delivery: Delivery;
  /** The broker has released it. */
  abandon(): void;
}

/** Hands records to the handler, one at a time, and sees to it that something becomes of each. */
export class Handling {
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly options: HandlingOptions,
    private readonly tell: Tell,
    private readonly signal: AbortSignal,
  ) {}

  /** The lock of a record begins when it is acquired, also while others are handled. */
  take({ record, topic, lockTimeout, acknowledge }: Acquisition): Held {
    const { partition, message, deliveryCount } = record;
    const event = { topic, partition, message, deliveryCount };
    const delivery = new Delivery(lockTimeout, this.#telling(event, acknowledge));
    void delivery.expired.then(() => this.tell('expired', event));
    this.tell('acquired', event);
    return {
      delivery,
      handle: () => this.#inTurn(() => this.#handle(event, delivery)),
      abandon: () => {
        delivery.drop();
        this.tell('abandoned', event);
      },
    };
  }

  #telling(event: RecordEvent, acknowledge: Acquisition['acknowledge']) {
    return async (as: AcknowledgementKind) => {
      try {
        await acknowledge(as);
      } catch (error) {
        this.tell('unacknowledged', { ...event, as, error });
        throw error;
      }
      this.tell('acknowledged', { ...event, as });
    };
  }

  #inTurn(handle: () => Promise<void>): Promise<void> {
    const handled = this.#last.then(handle);
    this.#last = handled;
    return handled;
  }

  /** Never throws. */
  async #handle(event: RecordEvent, delivery: Delivery): Promise<void> {
    if (this.signal.aborted || delivery.isExpired) return;
    const { eachMessage, autoAcknowledge = true } = this.options;
    const acknowledge = (kind: AcknowledgementKind = 'accept') => delivery.acknowledge(kind);
    let outcome: AcknowledgementKind = 'accept';
    this.tell('delivered', event);
    try {
      await eachMessage({ ...event, acknowledge, signal: this.signal });
      this.tell('handled', event);
    } catch (error) {
      this.tell('failed', { ...event, error });
      outcome = 'release';
    }
    if (autoAcknowledge && !delivery.isSettled) void acknowledge(outcome);
  }
}
