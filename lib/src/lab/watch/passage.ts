import type { EachMessagePayload } from 'kafkajs';
import {
  type Handling,
  handlingTo,
  type LaneOf,
  now,
  type QuickHandling,
  type Recorder,
} from '../../ledger/index.js';
import type { HandlerErrors } from './handler-errors.js';

type Handler = (payload: EachMessagePayload) => Promise<void>;

/** A record that took no longer, in milliseconds, was quick; after so many of them the next is taken to be. */
const QUICK_MS = 0.1;
const MANY = 16;
/** Of so many of those one looks at the clock: that takes as long as all else that is noted of a record. */
const A_READING = 4;

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
  private readonly handling: Handling | QuickHandling;
  /** None where each fact goes into a file before kafkajs goes on. */
  private readonly quickly: QuickHandling | undefined;
  /** When the record that is in the handler came, or one of the last few before it. */
  private since = 0;
  /** How many came without a look at the clock. */
  private unread = 0;
  /** How many records were quick, one after the other. */
  private quick = 0;
  /** The promise of the newest record of this turn, if nobody listens to it. */
  private ended: Promise<void> | undefined;

  constructor(
    recorder: Recorder,
    private readonly of: Omit<LaneOf, 'kind'>,
    private readonly errors: HandlerErrors,
  ) {
    this.handling = handlingTo(recorder, of);
    this.quickly = 'next' in this.handling ? this.handling : undefined;
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
    if (this.ended) {
      this.quickly?.next(this.nextTime(), payload.message);
      return (this.ended = attempt(handle, payload));
    }
    this.handling.delivered(this.look(), payload.message);
    const ended = attempt(handle, payload);
    if (!this.quickly || this.quick < MANY) return this.listenTo(ended);
    process.nextTick(this.turn); // which comes when the code of this turn has run
    return (this.ended = ended);
  }

  /**
   * When the next record of this turn came; NaN while all are quick: then it is told a tenth of a millisecond late at most.
   * Where one of them was not, up to three are told as late as it ended, once; from then on each is timed.
   */
  private nextTime(): number {
    if (this.quick >= MANY && ++this.unread < A_READING) return NaN;
    const { since } = this;
    const time = this.look();
    this.judge(time - since);
    return time;
  }

  private look(): number {
    this.unread = 0;
    return (this.since = now());
  }

  /** @param took in milliseconds */
  private judge(took: number): void {
    this.quick = took < QUICK_MS ? this.quick + 1 : 0;
  }

  private readonly turn = (): void => {
    const { ended } = this;
    this.ended = undefined;
    if (this.unread > 0) this.quickly?.passed(this.look());
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
    this.judge(time - this.since);
  };

  private readonly failed = (error: unknown): never => {
    this.handling.failed(now());
    this.isBusy = false;
    throw this.errors.tell(error);
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
