import type { Producer, ProducerBatch, ProducerConfig, RecordMetadata } from 'kafkajs';
import { Partitioners } from 'kafkajs';
import {
  type FactWriter,
  keyText,
  now,
  type Recorder,
  type ValueWriter,
  writerFor,
} from '../../ledger/index.js';
import { cannotWrite, missingCodec } from './codecs.js';
import { Decisions, type Sent } from './decisions.js';
import { onTopics } from './missing-topic.js';

/** Makes a producer by `create` that records every record which the broker acknowledged, and those of which it says nothing. */
export function watchProducer(
  create: (config: ProducerConfig) => Producer,
  config: ProducerConfig,
  recorder: Recorder,
): Producer {
  const decisions = new Decisions();
  const inner = config.createPartitioner ?? Partitioners.DefaultPartitioner;
  const producer = create({ ...config, createPartitioner: decisions.partitioner(inner) });
  let member = 'producer';
  producer.on(producer.events.REQUEST, ({ payload }) => {
    member = payload.clientId;
  });
  const watched = async (batch: ProducerBatch, send: () => Promise<RecordMetadata[]>) => {
    const all = decisions.begins(batch);
    try {
      const topics = batch.topicMessages?.map(({ topic }) => topic) ?? [];
      const acknowledged = await onTopics(topics, send);
      recordProduced({ all, acknowledged, recorder, member });
      return acknowledged;
    } catch (error) {
      const codec = missingCodec(error);
      throw codec ? cannotWrite(codec, error as Error) : error;
    } finally {
      decisions.ends(all);
    }
  };
  const { send, sendBatch } = producer;
  producer.send = (record) => watched({ topicMessages: [record] }, () => send(record));
  producer.sendBatch = (batch) => watched(batch, () => sendBatch(batch));
  return producer;
}

interface Produced {
  all: readonly Sent[];
  acknowledged: readonly RecordMetadata[];
  recorder: Recorder;
  member: string;
}

/** Of a larger send the newest values are enough: no chart draws more records, and a copy of each would slow the producer down. */
const MOST_VALUES = 200;

/** Where the next record of a partition goes. */
interface Next {
  offset: number;
  facts: FactWriter;
  values: ValueWriter | undefined;
}

/**
 * In the order in which they were sent, which the broker's answers are not in: it answers for each partition. kafkajs keeps a
 * batch's order within a partition, so the offsets follow from the base offset.
 */
function recordProduced({ all, acknowledged, recorder, member }: Produced): void {
  const time = now();
  for (const { topic, messages, partitions } of all) {
    const next = new Map<number, Next>();
    for (const { topicName, partition, baseOffset } of acknowledged) {
      // With acks: 0 the broker answers nothing.
      if (topicName !== topic || baseOffset === undefined || Number(baseOffset) < 0) continue;
      const shared = { kind: 'produced', group: '', member, topic, partition } as const;
      const values = recorder.values?.(topic, partition);
      next.set(partition, {
        offset: Number(baseOffset),
        facts: writerFor(recorder, shared),
        values,
      });
    }
    messages.forEach(({ key, value }, i) => {
      const partition = partitions[i] as number;
      const place = next.get(partition);
      if (!place) {
        const shared = { kind: 'in doubt', group: '', member, topic, partition } as const;
        recorder.record({ ...shared, time, key: keyText(key) });
        return;
      }
      // First: whoever is notified of the record may ask for its value.
      if (i >= messages.length - MOST_VALUES) place.values?.add(place.offset, value);
      place.facts.add(time, place.offset++, key);
    });
  }
}
