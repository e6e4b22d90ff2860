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

/** kafkajs keeps a batch's order within a partition, so the offsets follow from the base offset. */
function recordProduced({ batch, acknowledged, partitions, recorder, member }: Produced): void {
  const time = now();
  for (const { topicName, partition, baseOffset } of acknowledged) {
    // With acks: 0 the broker tells no offset.
    if (baseOffset === undefined || Number(baseOffset) < 0) continue;
    messagesOf(batch, topicName)
      .filter((message) => partitions.get(message) === partition)
      .forEach((message, i) => {
        const offset = Number(baseOffset) + i;
        const key = keyText(message.key);
        recorder.record({
          kind: 'produced',
          time,
          group: '',
          member,
          topic: topicName,
          partition,
          offset,
          key,
        });
      });
  }
}

function messagesOf({ topicMessages = [] }: ProducerBatch, topic: string): Message[] {
  return topicMessages.filter((entry) => entry.topic === topic).flatMap(({ messages }) => messages);
}
