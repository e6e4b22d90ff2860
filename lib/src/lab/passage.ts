import type { EachMessagePayload } from 'kafkajs';
import { host } from '../host.js';
import { type Handling, handlingTo, type LaneOf, type Recorder } from '../ledger/index.js';
import { now } from './clock.js';

type Handler = (payload: EachMessagePayload) => Promise<void>;

/** A record that took no longer, in milliseconds, was quick; after so many of them the next is taken to be. */
const QUICK_MS = 0.1;
const MANY = 16;

/**
 * One partition's way through a learner's handler, a record at a time. An object for all of its records, and one promise a
 * record: more would be more than kafkajs itself takes for it.
 *
 * Where quick records come by the thousand, even that is much. But kafkajs hands over a partition's next record only when the
 * one before has ended well: within a turn of the event loop, in which no partition can go to and fro, the next record tells
 * so, and a promise is needed for the last one only.
 */
export class Passage {
  /** A record is in the handler, and its end is listened to. */
  isBusy = false;
  private topic: string | undefined;
  private readonly handling: Handling;
  /** When the record that is in the handler came. */
  private since = 0;
  /** How many records were quick, one after the other. */
  private quick = 0;
  private readonly enough: number;
  /** The promise of the newest record of this turn, if nobody listens to it. */
  private ended: Promise<void> | undefined;

  constructor(
    recorder: Recorder,
    private readonly of: Omit<LaneOf, 'kind'>,
  ) {
    this.handling = handlingTo(recorder, of);
    // Whoever writes facts to a file wants each in it before kafkajs goes on.
    this.enough = recorder.handling ? MANY : Infinity;
  }

  /** Whether it may take a record of this partition. */
  isFree(member: string, topic: string, partition: number): boolean {
    const { of } = this;
    if (this.isBusy || of.partition !== partition || of.member !== member) return false;
    if (this.topic === topic) return true;
    if (of.topic !== topic) return false;
    // Each answer of the broker brings the name as a new string: the same one is compared at once.
    this.topic = topic;
    return true;
  }

  /** Takes a record through the handler. */
  take(payload: EachMessagePayload, handle: Handler): Promise<void> {
    const time = (this.since = now());
    if (this.ended) {
      this.handling.next(time, payload.message);
      return (this.ended = attempt(handle, payload));
    }
    this.handling.delivered(time, payload.message);
    const ended = attempt(handle, payload);
    if (this.quick < this.enough) return this.listenTo(ended);
    process.nextTick(this.turn); // which comes when the code of this turn has run
    return (this.ended = ended);
  }

  private readonly turn = (): void => {
    const { ended } = this;
    this.ended = undefined;
    // kafkajs has the promise itself: here nobody waits for it.
    if (ended) this.listenTo(ended).catch(() => {});
  };

  private listenTo(ended: Promise<void>): Promise<void> {
    this.isBusy = true;
    return ended.then(this.done, this.failed);
  }

  private readonly done = (): void => {
    const time = now();
    this.handling.processed(time);
    this.isBusy = false;
    this.quick = time - this.since < QUICK_MS ? this.quick + 1 : 0;
  };

  private readonly failed = (error: unknown): never => {
    this.handling.failed(now());
    this.isBusy = false;
    throw told(error);
  };
}

/** A handler may be no async function, and throw at once. */
function attempt(handle: Handler, payload: EachMessagePayload): Promise<void> {
  try {
    return Promise.resolve(handle(payload));
  } catch (error) {
    return Promise.reject(error);
  }
}

/** kafkajs would retry for ten seconds before it tells anybody. */
export function told(error: unknown): unknown {
  host().fail(error);
  return error;
}
