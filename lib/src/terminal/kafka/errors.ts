import { LabError, messageOf } from '../../errors.js';
import { cannotReadOn, damageMet } from '../../lab/kafkajs/damaged-records.js';
import { isUnknownTopic, rootOf } from '../../lab/kafkajs/kafka-error.js';
import { ShareGroupError } from '../../share-groups/index.js';

const GONE = /^KafkaJS(Connection|BrokerNotFound|NoBroker|RequestTimeout)|^(ECONN|EPIPE|ENOTFOUND)/;

/** Whether kafkajs found nobody at the other end. */
export function isConnectionError(error: unknown): boolean {
  return (
    GONE.test(rootOf(error).name ?? '') ||
    GONE.test((rootOf(error) as NodeJS.ErrnoException).code ?? '')
  );
}

/** kafkajs's error as one for people; every other as it is. */
export function readable(error: unknown, brokers: readonly string[]): unknown {
  if (error instanceof LabError || !(error instanceof Error)) return error;
  if (isConnectionError(error)) return lostContact(error, brokers);
  if (isUnknownTopic(error)) return topicGone(error);
  if (error instanceof ShareGroupError) return sharesRefused(error);
  const damage = damageMet(error);
  if (damage) return cannotReadOn('consume', damage);
  if (!rootOf(error).name.startsWith('KafkaJS')) return error;
  return new LabError('BROKER_FAILED', {
    what: `Kafka could not do it: ${oneSentence(messageOf(rootOf(error)))}`,
    fix: FIXES[rootOf(error).type ?? ''] ?? '',
    cause: error,
  });
}

const NO_RIGHT =
  'Ask for that permission, take a name that begins as yours have to, or set another KAFKA_SASL_USERNAME.';

const FIXES: Record<string, string> = {
  TOPIC_AUTHORIZATION_FAILED: NO_RIGHT,
  GROUP_AUTHORIZATION_FAILED: NO_RIGHT,
  CLUSTER_AUTHORIZATION_FAILED: NO_RIGHT,
  INCONSISTENT_GROUP_PROTOCOL:
    'The members of this group use another assigner: choose another --group.',
};

function sharesRefused(cause: ShareGroupError): LabError {
  const fix = FIXES[cause.type ?? ''] ?? '';
  return new LabError('BROKER_REFUSED', { what: cause.message, fix, cause });
}

function topicGone(cause: Error): LabError {
  return new LabError('BAD_INPUT', {
    what: 'The topic is gone: somebody has deleted it.',
    fix: 'To list those that exist: npx --no kafka-lab topic',
    cause,
  });
}

function lostContact(cause: Error, brokers: readonly string[]): LabError {
  return new LabError('BROKER_LOST', {
    what: `Kafka at ${brokers.join(', ')} no longer answers.`,
    why: oneSentence(messageOf(rootOf(cause))),
    fix: 'Run the command again when it is back; what was committed is kept.',
    cause,
  });
}

/** What the lab's own Kafka said when it went, with the advice of a terminal instead of a notebook's. */
export function lostInTerminal({ what, why }: LabError): LabError {
  return new LabError('BROKER_LOST', {
    what,
    why,
    fix: 'Run the command again: Kafka is started again, with its topics and offsets.',
  });
}

function oneSentence(text: string): string {
  const line = text.split('\n')[0] as string;
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
