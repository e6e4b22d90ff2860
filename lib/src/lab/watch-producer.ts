import type { ProducerBatch, ProducerConfig, ProducerRecord, RecordMetadata } from 'kafkajs';
import { type ICustomPartitioner, type Message, Partitioners, type Producer } from 'kafkajs';
import { keyText, type Recorder } from '../ledger/index.js';
import { now } from './clock.js';

type Partitions = WeakMap<Message, number>;

/** A partitioner that decides like `inner` and notes its decisions: kafkajs reports a base offset only. */
function noting(inner: ICustomPartitioner, partitions: Partitions): ICustomPartitioner {
  return () => {
    const choose = inner();
    return (args) => {
      const partition = choose(args);
      partitions.set(args.message, partition);
      return partition;
    };
  };
}

/** Makes a producer by `create` that records every record which the broker acknowledged. */
export function watchProducer(
  create: (config: ProducerConfig) => Producer,
  config: ProducerConfig,
  recorder: Recorder,
): Producer {
  const partitions: Partitions = new WeakMap();
  const inner = config.createPartitioner ?? Partitioners.DefaultPartitioner;
  const producer = create({ ...config, createPartitioner: noting(inner, partitions) });
  let clientId = 'producer';
  producer.on(producer.events.REQUEST, ({ payload }) => {
    clientId = payload.clientId;
  });
  const note = (batch: ProducerBatch, acknowledged: RecordMetadata[]) =>
    recordProduced({ batch, acknowledged, partitions, recorder, member: clientId });

  const { send, sendBatch } = producer;
  producer.send = async (record: ProducerRecord) => {
    const acknowledged = await send(record);
    note({ topicMessages: [record] }, acknowledged);
    return acknowledged;
  };
  producer.sendBatch = async (batch: ProducerBatch) => {
    const acknowledged = await sendBatch(batch);
    note(batch, acknowledged);
    return acknowledged;
  };
  return producer;
}

interface Produced {
  batch: ProducerBatch;
  acknowledged: RecordMetadata[];
  partitions: Partitions;
  recorder: Recorder;
  member: string;
}

/**
 * In the order in which they were sent, which the broker's answers are not in: it answers for each partition. kafkajs keeps a
 * batch's order within a partition, so the offsets follow from the base offset.
 */
function recordProduced({ batch, acknowledged, partitions, recorder, member }: Produced): void {
  const time = now();
  // With acks: 0 the broker tells no offset.
  const next = new Map(
    acknowledged
      .filter(({ baseOffset }) => baseOffset !== undefined && Number(baseOffset) >= 0)
      .map(({ topicName, partition, baseOffset }) => [
        `${topicName}/${partition}`,
        Number(baseOffset),
      ]),
  );
  for (const { topic, messages } of batch.topicMessages ?? []) {
    for (const message of messages) {
      const partition = partitions.get(message);
      const offset = next.get(`${topic}/${partition}`);
      if (partition === undefined || offset === undefined) continue;
      next.set(`${topic}/${partition}`, offset + 1);
      const key = keyText(message.key);
      recorder.record({ kind: 'produced', time, group: '', member, topic, partition, offset, key });
    }
  }
}
