import type { EachMessagePayload } from 'kafkajs';
import { host } from '../host.js';
import { type Handling, handlingTo, type LaneOf, type Recorder } from '../ledger/index.js';
import { now } from './clock.js';

type Handler = (payload: EachMessagePayload) => Promise<void>;

/**
 * One partition's way through a learner's handler, a record at a time. An object for all of its records, and one promise a
 * record: more would be more than kafkajs itself takes for it.
 */
export class Passage {
  /** A record is in the handler. */
  isBusy = false;
  private topic: string | undefined;
  private readonly handling: Handling;

  constructor(
    recorder: Recorder,
    private readonly of: Omit<LaneOf, 'kind'>,
  ) {
    this.handling = handlingTo(recorder, of);
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
    const { offset, key } = payload.message;
    this.isBusy = true;
    this.handling.delivered(now(), Number(offset), key);
    try {
      // A handler may be no async function.
      return Promise.resolve(handle(payload)).then(this.done, this.failed);
    } catch (error) {
      return Promise.reject(error).catch(this.failed);
    }
  }

  private readonly done = (): void => {
    this.handling.processed(now());
    this.isBusy = false;
  };

  private readonly failed = (error: unknown): never => {
    this.handling.failed(now());
    this.isBusy = false;
    throw told(error);
  };
}

/** kafkajs would retry for ten seconds before it tells anybody. */
export function told(error: unknown): unknown {
  host().fail(error);
  return error;
}
