import type {
  Consumer,
  ConsumerRunConfig,
  EachBatchPayload,
  Kafka,
  KafkaMessage,
  Message,
  Offsets,
  Producer,
  ProducerRecord,
} from 'kafkajs';
import type { Passing, ServiceSettings } from '../lab/service/service-settings.js';
import { watchProducer } from '../lab/watch/watch-producer.js';
import type { Recorder } from '../ledger/index.js';
import { withHeartbeats } from './heartbeats.js';
import { after, partsOf } from './in-parts.js';
import { parseOrder } from './schema.js';

type Step = NonNullable<Passing['standsAfter']>;

/** Called after each step with a part. Does not return where the service stands still. */
export type Stand = (step: Step, part: readonly KafkaMessage[]) => Promise<void>;

type Settings = Pick<ServiceSettings, 'group'> & { passing: Passing };

/** Connects the producer of what is passed on. With a transactional id that ends what its predecessor has left open. */
export async function connectProducer(
  kafka: Kafka,
  { transactionalId }: Passing,
  facts: Recorder,
): Promise<Producer> {
  const config = transactionalId
    ? { transactionalId, idempotent: true, maxInFlightRequests: 1, retry: { initialRetryTime: 50 } }
    : {};
  const producer = watchProducer(kafka.producer.bind(kafka), config, facts);
  await producer.connect();
  // kafkajs tells the broker the id with the first transaction, not when it connects.
  if (transactionalId) await (await producer.transaction()).abort();
  return producer;
}

/** Writes an invoice for each order, and commits behind it, in parts of `every` orders: in one transaction, or one after the other. */
export function passOn(
  consumer: Consumer,
  producer: Producer,
  { group, passing: { to, every, transactionalId } }: Settings,
  stand: Stand,
): ConsumerRunConfig {
  const passing = async ({ batch, resolveOffset }: EachBatchPayload) => {
    const { topic, partition, messages } = batch;
    for (const part of partsOf(messages, every)) {
      const invoices = { topic: to, messages: part.map(invoice) };
      const bookmark = { partition, offset: after(part) };
      const stood = (step: Step) => stand(step, part);
      const done = () => resolveOffset(`${Number(bookmark.offset) - 1}`);
      if (transactionalId) {
        const topics = [{ topic, partitions: [bookmark] }];
        await atOnce(producer, invoices, { consumerGroupId: group, topics }, stood);
        done();
      } else {
        await producer.send(invoices);
        done();
        await stood('send');
        await consumer.commitOffsets([{ topic, ...bookmark }]);
        await stood('commit');
      }
    }
  };
  // The first transaction takes longer than a short session on a busy machine.
  const eachBatch = (payload: EachBatchPayload) =>
    withHeartbeats(payload.heartbeat, () => passing(payload));
  return { autoCommit: false, eachBatch };
}

/** Output and bookmark in one transaction. */
async function atOnce(
  producer: Producer,
  invoices: ProducerRecord,
  bookmark: Offsets & { consumerGroupId: string },
  stood: (step: Step) => Promise<void>,
): Promise<void> {
  const transaction = await producer.transaction();
  await transaction.send(invoices);
  await stood('send');
  await transaction.sendOffsets(bookmark);
  await stood('sendOffsets');
  await transaction.commit();
  await stood('commit');
}

/** The invoice for an order, as a record: for the same customer, with the id of the order. */
function invoice({ key, value }: KafkaMessage): Message {
  const { id, total } = parseOrder(value);
  return { key, value: JSON.stringify({ order: id, total }) };
}
