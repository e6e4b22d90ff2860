import type { Consumer, Kafka } from 'kafkajs';
import { messageOf } from '../../errors.js';
import { host } from '../../host.js';

/** So many different errors of one consumer are told apart. */
const MOST = 100;
const reported = new WeakSet<object>();

/** Which errors of which groups' handlers are part of an experiment. */
export class ExpectedErrors {
  private readonly texts = new Map<string, string[]>();

  /** From now on, an error is expected in this group if its message contains the text. */
  add(group: string, text: string): void {
    this.texts.set(group, [...(this.texts.get(group) ?? []), text]);
  }

  has(group: string, error: unknown): boolean {
    const message = messageOf(error);
    return (this.texts.get(group) ?? []).some((text) => message.includes(text));
  }
}

/** What the handler of one consumer threw: reported at once, since kafkajs retries for seconds before it reports anything. */
export class HandlerErrors {
  private readonly seen = new Set<string>();
  private times = 0;
  private hasCrashed = false;

  /** @param isExpected whether an error is part of an experiment: it fails no cell */
  constructor(private readonly isExpected: (error: unknown) => boolean = () => false) {}

  /** Fails the cell, unless it is the same error again, or none of the handler's. Returns it, to be thrown. */
  report(error: unknown): unknown {
    if (endsMembership(error)) return error;
    if (isObject(error)) reported.add(error);
    if (this.isExpected(error)) return error;
    const text = String(error);
    this.times++;
    if (this.seen.has(text)) return error;

    if (this.seen.size < MOST) this.seen.add(text);
    host().fail(error);
    return error;
  }

  /** Says how often, when kafkajs has given up and begins anew: once, as it goes on like that. */
  listenTo(consumer: Consumer, name: () => string): void {
    consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
      const { times } = this;
      this.times = 0;
      if (times === 0 || !restart || this.hasCrashed || this.isExpected(error)) return;
      this.hasCrashed = true;
      console.error(
        `Consumer ${name()}: its handler failed ${times} times in a row, the last time with: ${messageOf(error)}\n` +
          'kafkajs restarts the consumer, and repeats the record until its handler succeeds.',
      );
    });
  }
}

/**
 * Keeps kafkajs's own log of what was reported already out of the cell: where a client is made without the lab's settings, each
 * retry is a line of JSON there.
 */
export function logOnlyNews(kafka: Kafka): void {
  const logger = kafka.logger();
  const { namespace } = logger;
  logger.namespace = (name, level) => {
    const inner = namespace(name, level);
    const error: typeof inner.error = (message, extra) => {
      if (!isReported(extra) && !isOfCrash(message)) inner.error(message, extra);
    };
    return { ...inner, error };
  };
}

const isObject = (error: unknown): error is object => typeof error === 'object' && error !== null;

/**
 * What a heartbeat or a commit in a handler throws when the group rebalances, or no longer knows the member: kafkajs joins anew.
 * The types are those of kafkajs's consumer/runner.js.
 */
function endsMembership(error: unknown): boolean {
  return isObject(error) && 'type' in error && ENDS_MEMBERSHIP.has(String(error.type));
}

const ENDS_MEMBERSHIP = new Set([
  'REBALANCE_IN_PROGRESS',
  'NOT_COORDINATOR_FOR_GROUP',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
]);

function isReported(extra: { error?: unknown } = {}): boolean {
  return isObject(extra.error) && reported.has(extra.error);
}

/** The ledger has it, and we report it to the cell. */
const isOfCrash = (message: string): boolean => /^(Crash: |Restarting the consumer)/.test(message);
