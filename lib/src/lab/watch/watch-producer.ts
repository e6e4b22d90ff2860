import type {
  Producer,
  ProducerBatch,
  ProducerConfig,
  RecordMetadata,
  TopicMessages,
} from 'kafkajs';
import { Partitioners } from 'kafkajs';
import type { Recorder } from '../../ledger/index.js';
import '../codecs/register.js';
import { rootOf } from '../kafkajs/kafka-error.js';
import type { Ends } from '../waiting/transaction-facts.js';
import { cannotWrite, missingCodec } from './codecs.js';
import { Decisions } from './decisions.js';
import { onTopics } from './missing-topic.js';
import { recordFailed, recordProduced } from './produced-facts.js';
import { watchTransaction } from './watch-transaction.js';

/**
 * Makes a producer by `create` that records what became of every record that it sent, also in transactions.
 * @param ends looks how a transaction has ended; without it, nobody waits for that
 */
export function watchProducer(
  create: (config: ProducerConfig) => Producer,
  config: ProducerConfig,
  recorder: Recorder,
  ends?: Ends,
): Producer {
  const decisions = new Decisions();
  const inner = config.createPartitioner ?? Partitioners.DefaultPartitioner;
  const producer = create({ ...config, createPartitioner: decisions.partitioner(inner) });
  const watching = { decisions, isIdempotent: config.idempotent === true, member: 'producer' };
  producer.on(producer.events.REQUEST, ({ payload }) => {
    watching.member = payload.clientId;
  });
  watchSends(producer, { watching, recorder, kind: 'produced' });
  const { transaction } = producer;
  producer.transaction = async () => {
    const begun = await transaction();
    return watchTransaction(begun, { recorder, ends, member: () => watching.member }, (to) => {
      watchSends(begun, { watching, recorder: to, kind: 'pending' });
    });
  };
  return producer;
}

interface Sends {
  /** What all sends of one producer share. */
  watching: { decisions: Decisions; isIdempotent: boolean; member: string };
  recorder: Recorder;
  kind: 'produced' | 'pending';
}

function watchSends(sender: Pick<Producer, 'send' | 'sendBatch'>, sends: Sends): void {
  const { send, sendBatch } = sender;
  sender.send = (record) => {
    const own = ownMessages(record);
    return watched({ topicMessages: [own] }, () => send(own), sends);
  };
  sender.sendBatch = (batch) => {
    const { topicMessages } = batch;
    const own = topicMessages ? { ...batch, topicMessages: topicMessages.map(ownMessages) } : batch;
    return watched(own, () => sendBatch(own), sends);
  };
}

/** Messages that no other send has: by them an attempt is known to be of this one, also where two send the same objects at once. */
function ownMessages<T extends TopicMessages>(record: T): T {
  const { messages } = record;
  // What is no list of messages, kafkajs refuses.
  if (!Array.isArray(messages)) return record;
  return { ...record, messages: messages.map((message) => message && { ...message }) };
}

async function watched(
  batch: ProducerBatch,
  send: () => Promise<RecordMetadata[]>,
  { watching, recorder, kind }: Sends,
): Promise<RecordMetadata[]> {
  const { decisions, isIdempotent } = watching;
  const all = decisions.begins(batch);
  try {
    const topics = batch.topicMessages?.map(({ topic }) => topic) ?? [];
    const acknowledged = await onTopics(topics, send);
    recordProduced({ all, kind, recorder, member: watching.member }, acknowledged, isIdempotent);
    return acknowledged;
  } catch (error) {
    const isRefused = rootOf(error).type !== undefined;
    recordFailed({ all, kind, recorder, member: watching.member }, isRefused);
    const codec = missingCodec(error);
    throw codec ? cannotWrite(codec, error as Error) : error;
  } finally {
    decisions.ends(all);
  }
}
