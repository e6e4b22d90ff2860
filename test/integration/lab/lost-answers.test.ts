import { Kafka, type ProducerConfig } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lab, openLab } from '../../../lib/src/lab/index.ts';
import { endOffsets } from '../../support/kafka-tools.ts';
import { ownState, recordingHost } from '../../support/lab.ts';

ownState();
recordingHost();
const PAYMENTS = [0, 1, 2, 3, 4, 5, 6, 7];
let lab: Lab;

beforeAll(async () => {
  lab = await openLab('test');
});
afterAll(() => lab.close());

/** Sends eight payments one by one, and loses the answer to the third. Returns how many sends failed. */
async function pay(topic: string, config: ProducerConfig, key: string | null): Promise<number> {
  const network = lab.unreliableNetwork();
  const { socketFactory } = network;
  const kafka = new Kafka({ clientId: 'till', ...lab.connection, socketFactory });
  const producer = kafka.producer(config);
  await producer.connect();
  let failed = 0;
  for (const n of PAYMENTS) {
    if (n === 2) network.loseNextAnswer('Produce');
    const messages = [{ key, value: `${n}` }];
    await producer.send({ topic, messages }).catch(() => void failed++);
  }
  await producer.disconnect();
  expect(network.lost).toBe(1);
  return failed;
}

/** How often each payment is among so many records of a topic. */
async function copies(topic: string, total: number): Promise<number[]> {
  const kafka = new Kafka({ clientId: 'auditor', ...lab.connection });
  const consumer = kafka.consumer({ groupId: lab.group('auditor', { fresh: true }), ...lab.quick });
  const read: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({ eachMessage: async ({ message }) => void read.push(`${message.value}`) });
  await lab.until('the log to be read', () => read.length >= total);
  await consumer.disconnect();
  expect(read).toHaveLength(total);
  return PAYMENTS.map((n) => read.filter((value) => value === `${n}`).length);
}

test.each([
  ['plain', {}, 'ann', 0, [1, 1, 2, 1, 1, 1, 1, 1]],
  ['idempotent', { idempotent: true }, 'ann', 0, [1, 1, 1, 1, 1, 1, 1, 1]],
  ['without a retry', { retry: { retries: 0 } }, 'ann', 1, [1, 1, 1, 1, 1, 1, 1, 1]],
  // kafkajs partitions the retry anew, and gives the number of the first attempt to the next record of that partition.
  ['idempotent and keyless', { idempotent: true }, null, 0, [1, 1, 2, 1, 0, 1, 1, 1]],
] as const)(
  '%s: %j, key %s: %i sends fail, in the log so often each: %j',
  async (name, config, key, failures, expected) => {
    const partitions = key === null ? 3 : 1;
    const { name: topic } = await lab.topic(name.replaceAll(' ', '-'), { partitions });
    expect(await pay(topic, { ...config }, key)).toBe(failures);
    const ends = await endOffsets(lab.connection.brokers, topic);
    const total = Object.values(ends).reduce((sum, end) => sum + end, 0);
    expect(total).toBe(expected.reduce<number>((sum, count) => sum + count, 0));
    expect(await copies(topic, total)).toEqual(expected);
  },
);

// kafkajs takes the number of a batch back when its answer is lost, and gives it to whichever it sends next.
test('idempotent, with two under way: the second is acknowledged as a repetition of the first, and is not in the log', async () => {
  const { name: topic } = await lab.topic('two-under-way');
  const network = lab.unreliableNetwork();
  const { socketFactory } = network;
  const kafka = new Kafka({ clientId: 'till', ...lab.connection, socketFactory });
  const producer = kafka.producer({ idempotent: true });
  await producer.connect();
  const pay = (n: number) => producer.send({ topic, messages: [{ key: 'ann', value: `${n}` }] });
  await pay(0);
  network.loseNextAnswer('Produce');
  const first = pay(1);
  await lab.until('the answer to be lost', () => network.lost === 1);
  const answers = await Promise.all([first, pay(2)]); // before the first is sent again
  await producer.disconnect();
  expect(network.lost).toBe(1);
  expect(answers.flat().map(({ baseOffset }) => baseOffset)).toEqual(['2', '1']);
  expect(await endOffsets(lab.connection.brokers, topic)).toEqual({ 0: 3 });
  expect((await copies(topic, 3)).slice(0, 3)).toEqual([1, 2, 0]);
});
