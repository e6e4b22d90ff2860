import type { DeliveryEnd } from '../fates/deliveries.js';

/** Whose work: that of a consumer group or share group on a topic, or of the consumers of an AMQP queue. */
export type WorkScope = { topic: string; group: string } | { queue: string };

/**
 * One delivery of a record, or of a queue's message, to a worker: from when it got it to when it had it no more. Times are
 * milliseconds since 1970.
 */
export interface Job {
  /** A member's client id, or a consumer's tag. */
  worker: string;
  /** The record's key; without one, how its value begins; else its offset. Of a message its id, or how it begins. */
  name: string;
  /** Of a record. */
  partition?: number;
  offset?: number;
  /** How often the record has been delivered to whomever, this time included; of a message it is not known, but for the first time. */
  count: number | undefined;
  from: number;
  /** Undefined while the worker has it. */
  to: number | undefined;
  end: JobEnd | undefined;
}

/**
 * How a job ended, in the words of whoever gave it: a share group; a consumer group, where `unfinished` says that the member left,
 * crashed or went on without an end of its handler; a queue.
 */
export type JobEnd =
  | DeliveryEnd
  | ('processed' | 'failed' | 'unfinished')
  | ('acknowledged' | 'requeued');

/** A span in which a worker was there. `to` is undefined while it still is. */
export interface Presence {
  worker: string;
  from: number;
  to: number | undefined;
}

/** Without its name, which takes a search: charts name those that they draw. `key` as far as it is known without one. */
export type UnnamedJob = Omit<Job, 'name'> & { key?: string | null };

export interface Work<J = Job> {
  kind: 'consumer group' | 'share group' | 'queue';
  /** As they began. */
  jobs: J[];
  present: Presence[];
  /** When members of a consumer group had no partition. */
  idle: Presence[];
  /** Whether there were earlier jobs of which the ledger has given up the detail. */
  isCut: boolean;
}
