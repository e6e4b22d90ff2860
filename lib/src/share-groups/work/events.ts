import type { EventEmitter } from 'node:events';
import type { KafkaMessage, Logger } from 'kafkajs';
import type { AcknowledgementKind } from './delivery.js';

/** One delivery of a record. */
export interface RecordEvent {
  topic: string;
  partition: number;
  message: KafkaMessage;
  /** How often it has been delivered to whomever, this time included. */
  deliveryCount: number;
}

/** What a share consumer tells of what it does, by `on`. */
export interface ShareConsumerEvents {
  /** It reads these partitions from now on, all of them by topic. */
  assigned: [{ memberId: string; assignment: Record<string, number[]> }];
  /** A record belongs to this member, until its lock runs out. */
  acquired: [RecordEvent];
  /** A handler gets it. */
  delivered: [RecordEvent];
  /** The handler has returned. */
  handled: [RecordEvent];
  /** The broker has taken what was said of it. */
  acknowledged: [RecordEvent & { as: AcknowledgementKind }];
  /** The broker has not, or nobody knows: `error` is a ShareGroupError. */
  unacknowledged: [RecordEvent & { as: AcknowledgementKind; error: unknown }];
  /** The handler threw. */
  failed: [RecordEvent & { error: unknown }];
  /** The lock has run out: others get the record. */
  expired: [RecordEvent];
  /** The consumer stops: the broker releases what it had acquired and not acknowledged. */
  abandoned: [RecordEvent];
  /** It could not be asked or did not answer as it should, and is asked again. */
  retrying: [{ error: unknown }];
  /** It has left the group, in an orderly way. */
  left: [];
  /** It has stopped since something will not mend itself. */
  crashed: [{ error: unknown }];
}

/** Whoever wants to be told of an event. */
export type Tell = <E extends keyof ShareConsumerEvents>(
  event: E,
  ...told: ShareConsumerEvents[E]
) => void;

/** Tells those who listen, and the log. A listener that throws stops nothing but itself. */
export function telling(events: EventEmitter, logger: Logger): Tell {
  return (event, ...told) => {
    const [{ error = undefined } = {}] = told as [{ error?: unknown }?];
    const level = LEVELS[event];
    if (level) logger[level](`Share consumer: ${event}`, { error: String(error) });
    try {
      events.emit(event, ...told);
    } catch (thrown) {
      logger.error(`A listener to ${event} threw`, { error: String(thrown) });
    }
  };
}

/** What is worth a line in the log. */
const LEVELS: Partial<Record<keyof ShareConsumerEvents, 'debug' | 'error' | 'warn'>> = {
  crashed: 'error',
  expired: 'debug',
  failed: 'error',
  retrying: 'debug',
  unacknowledged: 'warn',
};
