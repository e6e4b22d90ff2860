import type { Producer } from 'kafkajs';
import { steadily } from '../../lab/resources/stream.js';
import { type OrderEvent, orderEvents } from '../../shop/order.js';
import { disconnectWithin, unlessAborted } from '../../waiting.js';
import type { LogRecord } from './record.js';
import type { Session } from './session.js';
import { requireTopic } from './topics.js';

export interface ProduceOptions {
  topic: string;
  perSecond: number;
  /** Without it: until the session ends. */
  count: number | undefined;
  seed: number;
}

/** Sends orders at a steady rate, one after the other. @returns how many Kafka has acknowledged */
export async function produce(
  session: Session,
  options: ProduceOptions,
  report: (record: LogRecord) => Promise<unknown>,
): Promise<number> {
  await requireTopic(session.admin, options.topic);
  const { DefaultPartitioner } = session.kafkajs.Partitioners;
  const producer = session.client('shop').producer({ createPartitioner: DefaultPartitioner });
  await producer.connect();
  const event = orderEvents({ seed: options.seed });
  const count = options.count ?? Number.MAX_SAFE_INTEGER;
  let sent = 0;
  // One after the other: of two sends of kafkajs that are under way at once, the later one may be written first.
  let before: Promise<unknown> = Promise.resolve();
  const stream = steadily({ perSecond: options.perSecond, count }, async (n) => {
    const sending = before.then(() => send(producer, options.topic, event(n)));
    before = sending;
    const record = await sending;
    sent++;
    await report(record);
  });
  try {
    await unlessAborted(stream.done, session.ended, () => {});
    await stream.stop(); // the record that is on its way is reported, too
  } finally {
    await disconnectWithin(producer);
  }
  return sent;
}

async function send(
  producer: Producer,
  topic: string,
  { key, value }: OrderEvent,
): Promise<LogRecord> {
  const [acknowledged] = await producer.send({ topic, messages: [{ key, value }] });
  const { partition, baseOffset } = acknowledged as { partition: number; baseOffset: string };
  return {
    topic,
    partition,
    offset: Number(baseOffset),
    key: Buffer.from(key),
    value: Buffer.from(value),
  };
}
