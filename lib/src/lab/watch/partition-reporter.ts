import type { EachMessagePayload } from 'kafkajs';
import {
  type Handling,
  handlingFor,
  now,
  type QuickHandling,
  type Recorder,
  type SharedFields,
} from '../../ledger/index.js';
import type { HandlerErrors } from './handler-errors.js';

type Handler = (payload: EachMessagePayload) => Promise<void>;

/** A record whose handler took less, in milliseconds, was quick. */
const QUICK_MS = 0.1;
/** After so many quick records in a row the next is taken to be quick, too. */
const QUICK_RECORDS = 16;
/** Then the clock is read once per this many records: a read costs as much as all other bookkeeping of a record. */
const RECORDS_PER_READ = 4;

/**
 * Reports the records of one partition to the ledger as they go through a learner's handler, one at a time: delivered, then
 * processed or failed. One object serves all of them, and a record costs one promise: more would be more than kafkajs itself
 * takes for it.
 *
 * Where quick records come by the thousand, one promise each is too much as well. kafkajs hands over a partition's next record
 * only when the one before has been processed, and within one turn of the event loop no partition can change its owner. So the
 * next record of the same turn says that the one before is processed, and only the last one's promise is listened to:
 *
 *     report(1)   delivered 1
 *     report(2)   processed 1, delivered 2
 *     report(3)   processed 2, delivered 3
 *     endTurn     listens to the promise of 3: processed or failed, in a later turn
 */
export class PartitionReporter {
  /** A record is in the handler, and its promise is listened to. */
  isBusy = false;
  private topic: string | undefined;
  private readonly handling: Handling | QuickHandling;
  /** The same, if it can take records of one turn; undefined where each fact goes into a file before kafkajs goes on. */
  private readonly quickHandling: QuickHandling | undefined;
  /** The last time that was read from the clock, in milliseconds. */
  private lastRead = 0;
  /** How many records were delivered since then. */
  private unread = 0;
  /** How many records were quick, one after the other. */
  private quickInARow = 0;
  /** The promise of the newest record of this turn, while nobody listens to it. */
  private newest: Promise<void> | undefined;

  constructor(
    recorder: Recorder,
    private readonly shared: Omit<SharedFields, 'kind'>,
    private readonly errors: HandlerErrors,
  ) {
    this.handling = handlingFor(recorder, shared);
    this.quickHandling = 'next' in this.handling ? this.handling : undefined;
  }

  /** Whether it may take a record of this partition. */
  isFree(member: string, topic: string, partition: number): boolean {
    const { shared } = this;
    if (this.isBusy || shared.partition !== partition || shared.member !== member) return false;
    if (this.topic === topic) return true;
    if (shared.topic !== topic) return false;
    // Each answer of the broker brings the name as a new string: the same one is compared at once.
    this.topic = topic;
    return true;
  }

  /** Calls the handler with a record, and reports what becomes of it. */
  report(payload: EachMessagePayload, handle: Handler): Promise<void> {
    if (this.newest) {
      this.quickHandling?.next(this.timeOfNext(), payload.message);
      return (this.newest = called(handle, payload));
    }
    this.handling.delivered(this.readClock(), payload.message);
    const ended = called(handle, payload);
    if (!this.quickHandling || this.quickInARow < QUICK_RECORDS) return this.listenTo(ended);
    process.nextTick(this.endTurn); // which is called when the code of this turn has run
    return (this.newest = ended);
  }

  /**
   * When the next record of this turn was delivered; NaN where the clock is not read: the ledger then takes the time of the next
   * read, a tenth of a millisecond late at most while all are quick. Where one was not, up to three are reported as late as it
   * ended, once; from then on each is timed.
   */
  private timeOfNext(): number {
    if (this.quickInARow >= QUICK_RECORDS && ++this.unread < RECORDS_PER_READ) return NaN;
    const { lastRead } = this;
    const time = this.readClock();
    this.count(time - lastRead);
    return time;
  }

  private readClock(): number {
    this.unread = 0;
    return (this.lastRead = now());
  }

  /** @param took in milliseconds */
  private count(took: number): void {
    this.quickInARow = took < QUICK_MS ? this.quickInARow + 1 : 0;
  }

  private readonly endTurn = (): void => {
    const { newest } = this;
    this.newest = undefined;
    if (this.unread > 0) this.quickHandling?.passed(this.readClock());
    // kafkajs has the promise itself: here nobody waits for it.
    if (newest) this.listenTo(newest).catch(() => {});
  };

  private listenTo(ended: Promise<void>): Promise<void> {
    this.isBusy = true;
    return ended.then(this.processed, this.failed);
  }

  private readonly processed = (): void => {
    const time = now();
    this.handling.processed(time);
    this.isBusy = false;
    this.count(time - this.lastRead);
  };

  private readonly failed = (error: unknown): never => {
    this.handling.failed(now());
    this.isBusy = false;
    throw this.errors.report(error);
  };
}

/** A handler may be no async function, and throw at once. */
function called(handle: Handler, payload: EachMessagePayload): Promise<void> {
  try {
    return Promise.resolve(handle(payload));
  } catch (error) {
    return Promise.reject(error);
  }
}
