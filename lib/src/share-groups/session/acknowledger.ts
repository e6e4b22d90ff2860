import { type Answered, refusal, ShareGroupError, typeOf } from '../errors.js';
import { keyOf, type Place } from '../places.js';
import type { Acknowledged } from '../protocol/acknowledgement.js';
import { type Acknowledgement, batchesOf } from './batches.js';

interface Waiting extends Acknowledgement {
  resolve(): void;
  reject(error: unknown): void;
}

type Send = (all: Acknowledged[]) => Promise<(Place & Answered)[]>;

/**
 * Sends acknowledgements: at once if none is under way, and else together when that one is answered. The broker takes all that it is
 * sent of a partition or none of it; what it does not take is sent again in halves, so that one that is late spoils no others.
 */
export class Acknowledger {
  #waiting: Waiting[] = [];
  #sending: Promise<void> | undefined;

  constructor(private readonly send: Send) {}

  /**
   * Resolves when the broker has taken it.
   * @throws ShareGroupError LATE_ACKNOWLEDGEMENT, IN_DOUBT, REFUSED, UNSUPPORTED_VERSION
   */
  acknowledge(one: Acknowledgement): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...one, resolve, reject });
      this.#sending ??= this.#sendAll();
    });
  }

  /** Resolves when all has been answered. */
  async idle(): Promise<void> {
    while (this.#sending) await this.#sending;
  }

  async #sendAll(): Promise<void> {
    await undefined; // all that is acknowledged in one go
    while (this.#waiting.length > 0) await this.#settle(this.#waiting.splice(0));
    this.#sending = undefined;
  }

  async #settle(all: Waiting[]): Promise<void> {
    try {
      const answers = await this.send(batchesOf(all));
      const byPlace = new Map(answers.map((answer) => [keyOf(answer), answer]));
      for (const some of partitionsOf(all)) {
        await this.#settlePartition(some, byPlace.get(keyOf(some[0])) ?? MISSING);
      }
    } catch (error) {
      for (const one of all) one.reject(asUnacknowledged(error));
    }
  }

  async #settlePartition(all: [Waiting, ...Waiting[]], answer: Answered): Promise<void> {
    if (answer.error === 0) for (const one of all) one.resolve();
    else if (typeOf(answer.error) === 'INVALID_RECORD_STATE' && all.length > 1) {
      const half = all.length / 2;
      await this.#settle(all.slice(0, half));
      await this.#settle(all.slice(half));
    } else {
      const error = asUnacknowledged(refusal('an acknowledgement', answer));
      for (const one of all) one.reject(error);
    }
  }
}

const MISSING: Answered = { error: -1, message: 'it says nothing of this partition.' };

function partitionsOf(all: Waiting[]): [Waiting, ...Waiting[]][] {
  const found = new Map<string, [Waiting, ...Waiting[]]>();
  for (const one of all) {
    const of = found.get(keyOf(one));
    if (of) of.push(one);
    else found.set(keyOf(one), [one]);
  }
  return [...found.values()];
}

/** The member has the record no more: its lock has run out, its session is gone, or the partition has another leader. */
const LATE = [
  ...['INVALID_RECORD_STATE', 'SHARE_SESSION_NOT_FOUND', 'INVALID_SHARE_SESSION_EPOCH'],
  ...['NOT_LEADER_OR_FOLLOWER', 'FENCED_STATE_EPOCH', 'UNKNOWN_TOPIC_ID'],
  ...['UNKNOWN_TOPIC_OR_PARTITION'],
];
const REFUSED = ['GROUP_AUTHORIZATION_FAILED', 'TOPIC_AUTHORIZATION_FAILED', 'INVALID_REQUEST'];

/** What an acknowledgement that failed means for its record. */
function asUnacknowledged(cause: unknown): ShareGroupError {
  const isTold = cause instanceof ShareGroupError;
  if (isTold && cause.code !== 'REFUSED') return cause;
  const type = isTold ? (cause.type ?? '') : '';
  if (REFUSED.includes(type)) return cause as ShareGroupError;
  const details = { cause, ...(type && { type }) };
  if (LATE.includes(type))
    return new ShareGroupError(
      'LATE_ACKNOWLEDGEMENT',
      `This member has the record no more (${type}): its lock has run out, or the partition has another leader. Others get it.`,
      details,
    );
  return new ShareGroupError(
    'IN_DOUBT',
    'Nobody knows whether Kafka has the acknowledgement: the record may be delivered again.',
    details,
  );
}
