import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CompressionTypes,
  type Consumer,
  type ConsumerConfig,
  Kafka,
  type KafkaConfig,
  type Message,
  type Producer,
  type ProducerConfig,
} from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lab, openLab, type Topic } from '../../../lib/src/lab/index.ts';
import { logFate } from '../../../lib/src/ledger/index.ts';
import { ROOT } from '../../support/command.ts';
import { agreed, table } from '../../support/histories.ts';
import { markersInFile } from '../../support/kafka-tools.ts';
import { ownState, recordingHost } from '../../support/lab.ts';

const state = ownState();
const host = recordingHost();
let lab: Lab;

beforeAll(async () => {
  lab = await openLab('test');
});
afterAll(async () => {
  await lab.close();
  mkdirSync(join(ROOT, 'build'), { recursive: true });
  const lines = table.map((row) => JSON.stringify(row));
  writeFileSync(join(ROOT, 'build', 'histories.txt'), `${lines.join('\n')}\n`);
  expect(host.failures).toEqual([]);
});

const client = (clientId: string, config: Partial<KafkaConfig> = {}) =>
  lab.watch(new Kafka({ clientId, ...lab.connection, ...config }));

async function producerOf(config: ProducerConfig = {}, kafka = client('shop')): Promise<Producer> {
  const producer = kafka.producer(config);
  await producer.connect();
  return producer;
}

const transactional = (name: string, more: ProducerConfig = {}) =>
  producerOf({
    ...{ transactionalId: lab.transactionalId(name), idempotent: true, maxInFlightRequests: 1 },
    ...more,
  });

const orders = (count: number, of = 'order'): Message[] =>
  Array.from({ length: count }, (_, n) => ({ key: `${of}-${n}`, value: `${of} ${n}` }));

async function reader(topic: Topic, groupId: string, config: Partial<ConsumerConfig> = {}) {
  const consumer = client(`reader of ${groupId}`).consumer({ groupId, ...lab.quick, ...config });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic.name], fromBeginning: true });
  await consumer.run({ eachMessage: async () => {} });
  return consumer;
}

/** Reads all of it, and waits until it has said so. */
async function readAll(topic: Topic, group: string): Promise<Consumer> {
  const consumer = await reader(topic, group);
  await lab.untilDrained(group, topic);
  await lab.untilCommitted(group, topic);
  return consumer;
}

/** The offset of the first record that an unwatched reader finds. */
async function firstRecord(topic: Topic): Promise<number> {
  const consumer = new Kafka({ clientId: 'looker', ...lab.connection }).consumer({
    ...{ groupId: lab.group('looker', { fresh: true }), ...lab.quick },
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic.name], fromBeginning: true });
  const first = new Promise<number>((resolve) => {
    const eachMessage = async ({ message }: { message: { offset: string } }) =>
      resolve(Number(message.offset));
    void consumer.run({ eachMessage });
  });
  return first.finally(() => consumer.disconnect());
}

const leave = (...clients: { disconnect(): Promise<void> }[]) =>
  Promise.all(clients.map((one) => one.disconnect()));

test('plain, compressed, several topics in one batch', async () => {
  const [one, two] = await Promise.all([lab.topic('plain', { partitions: 3 }), lab.topic('more')]);
  const producer = await producerOf();
  // So that the batch begins at another offset in each topic.
  await producer.send({ topic: two.name, messages: orders(2, 'early') });
  const topicMessages = [
    { topic: one.name, messages: orders(10) },
    { topic: two.name, messages: orders(4) },
    { topic: one.name, messages: orders(5, 'late') },
  ];
  await producer.sendBatch({ topicMessages, compression: CompressionTypes.GZIP });
  await producer.send({ topic: one.name, messages: orders(5, 'fast'), acks: 1 });
  const [first, second] = [lab.group('plain'), lab.group('more')];
  const consumers = await Promise.all([readAll(one, first), readAll(two, second)]);
  const none = { refused: 0, inDoubt: 0, open: 0, aborted: 0, missing: 0, repeated: 0, lost: 0 };
  const ofOne = await agreed(lab, 'plain', one.name, first);
  expect(ofOne).toMatchObject({ ...none, produced: 20, processed: 20 });
  const ofTwo = await agreed(lab, 'several topics', two.name, second);
  expect(ofTwo).toMatchObject({ ...none, produced: 6, processed: 6 });
  await leave(producer, ...consumers);
});

test('transactions that were committed, with bookmarks', async () => {
  const [input, output] = await Promise.all([lab.topic('input'), lab.topic('output')]);
  const group = lab.group('worker');
  const producer = await transactional('committed');
  await producer.send({ topic: input.name, messages: orders(3) });
  const transaction = await producer.transaction();
  await transaction.send({ topic: output.name, messages: orders(2) });
  await transaction.sendBatch({
    topicMessages: [{ topic: output.name, messages: orders(2, 'b') }],
  });
  const topics = [{ topic: input.name, partitions: [{ partition: 0, offset: '2' }] }];
  await transaction.sendOffsets({ consumerGroupId: group, topics });
  expect(lab.ledger.records('produced', { topic: output.name })).toEqual([]);
  expect(lab.ledger.commits({ group })).toEqual([]);
  await transaction.commit();
  expect(lab.ledger.log(output.name).get(0)).toMatchObject({ stable: 5, end: 5 });
  expect(lab.ledger.log(output.name).get(0)?.emptyAt(4)).toBe('marker');
  expect(await agreed(lab, 'committed: input', input.name, group)).toMatchObject({ produced: 3 });

  const readers = lab.group('committed');
  const consumer = await readAll(output, readers);
  const found = await agreed(lab, 'committed: output', output.name, readers);
  expect(found).toMatchObject({ produced: 4, open: 0, aborted: 0, processed: 4, missing: 0 });
  await leave(producer, consumer);
});

test('transactions that were aborted', async () => {
  const topic = await lab.topic('aborted');
  const group = lab.group('aborted');
  const producer = await transactional('aborted');
  const first = await producer.transaction();
  await first.send({ topic: topic.name, messages: orders(2, 'bad') });
  await first.abort();
  const second = await producer.transaction();
  await second.send({ topic: topic.name, messages: orders(3) });
  await second.commit();
  const consumer = await readAll(topic, group);
  const found = await agreed(lab, 'aborted', topic.name, group);
  expect(found).toMatchObject({ produced: 3, aborted: 2, open: 0, processed: 3, missing: 0 });
  expect(logFate(lab.ledger, topic.name, 0, 0)).toBe('aborted');
  const log = lab.ledger.log(topic.name).get(0);
  const markers = [0, 1, 2, 3, 4, 5, 6].filter((offset) => log?.emptyAt(offset) === 'marker');
  const file = join(state, 'data', 'kafka', 'log', `${topic.name}-0`, `${'0'.repeat(20)}.log`);
  const told = await markersInFile(file);
  expect([...told]).toEqual([
    [2, 'ABORT'],
    [6, 'COMMIT'],
  ]);
  expect(markers).toEqual([2, 6]);
  await leave(producer, consumer);
});

test('a transaction that is open', async () => {
  const topic = await lab.topic('open');
  const group = lab.group('open');
  const plain = await producerOf();
  const producer = await transactional('open');
  await plain.send({ topic: topic.name, messages: orders(2) });
  const transaction = await producer.transaction();
  await transaction.send({ topic: topic.name, messages: orders(2, 'open') });
  const consumer = await readAll(topic, group);
  const open = await agreed(lab, 'open', topic.name, group);
  expect(open).toMatchObject({ produced: 2, open: 2, processed: 2, missing: 0 });
  expect(logFate(lab.ledger, topic.name, 0, 2)).toBe('open');
  await transaction.abort();
  await leave(plain, producer, consumer);
});

test('a transaction that timed out', async () => {
  const topic = await lab.topic('timed-out');
  const group = lab.group('timed-out');
  const plain = await producerOf();
  const producer = await transactional('timed-out', { transactionTimeout: 1000 });
  await plain.send({ topic: topic.name, messages: orders(2) });
  const transaction = await producer.transaction();
  await transaction.send({ topic: topic.name, messages: orders(2, 'open') });
  await plain.send({ topic: topic.name, messages: orders(1, 'behind') });
  const consumer = await readAll(topic, group);
  const late = await agreed(lab, 'timed out', topic.name, group);
  expect(late).toMatchObject({ produced: 3, open: 0, aborted: 2, processed: 3, missing: 0 });
  await leave(plain, producer, consumer);
});

test.each([
  ['plain', 2, false],
  ['idempotent', 1, true],
])('an answer that was lost, %s: in the log %d times', async (kind, copies, idempotent) => {
  const topic = await lab.topic(`lost-${kind}`);
  const group = lab.group(`lost-${kind}`);
  const network = lab.unreliableNetwork();
  const producer = await producerOf({ idempotent }, client('shop', network));
  await producer.send({ topic: topic.name, messages: orders(2) });
  network.loseNextAnswer('Produce');
  await producer.send({ topic: topic.name, messages: orders(1, 'lost') });
  expect(network.lost).toBe(1);
  expect(lab.ledger.inDoubt(topic.name).get(0) ?? 0).toBe(copies - 1);
  await producer.send({ topic: topic.name, messages: orders(1, 'late') });
  const consumer = await readAll(topic, group);
  const total = 3 + copies;
  await lab.untilProcessed(group, topic, { records: total });
  await lab.untilCommitted(group, topic);
  const found = await agreed(lab, `lost answer, ${kind}`, topic.name, group);
  expect(found).toMatchObject({ produced: total, processed: total, inDoubt: 0, refused: 0 });
  await leave(producer, consumer);
});

test('an answer that was lost, and no other attempt: in doubt until it is read', async () => {
  const topic = await lab.topic('once');
  const group = lab.group('once');
  const network = lab.unreliableNetwork();
  const producer = await producerOf({ retry: { retries: 0 } }, client('shop', network));
  await producer.send({ topic: topic.name, messages: orders(1) });
  network.loseNextAnswer('Produce');
  const send = producer.send({ topic: topic.name, messages: orders(2, 'lost') });
  await expect(send).rejects.toThrow('ECONNRESET');
  expect(lab.ledger.inDoubt(topic.name)).toEqual(new Map([[0, 2]]));
  const consumer = await reader(topic, group);
  await lab.untilProcessed(group, topic, { records: 3 });
  await lab.untilCommitted(group, topic);
  const found = await agreed(lab, 'lost answer, no retry', topic.name, group);
  expect(found).toMatchObject({ produced: 3, processed: 3, inDoubt: 0, refused: 0 });
  await leave(producer, consumer);
});

test('refused: too large for the topic; nothing is appended', async () => {
  const topic = await lab.topic('refused', { config: { 'max.message.bytes': '500' } });
  const group = lab.group('refused');
  const producer = await producerOf();
  await producer.send({ topic: topic.name, messages: orders(1) });
  const large = [{ key: 'large', value: 'x'.repeat(1000) }];
  await expect(producer.send({ topic: topic.name, messages: large })).rejects.toThrow('large');
  const consumer = await readAll(topic, group);
  const found = await agreed(lab, 'refused', topic.name, group);
  expect(found).toMatchObject({ produced: 1, refused: 1, inDoubt: 0, processed: 1 });
  await leave(producer, consumer);
});

test('acks 0: in doubt until they are read', async () => {
  const topic = await lab.topic('acks-0');
  const group = lab.group('acks-0');
  const producer = await producerOf();
  await producer.send({ topic: topic.name, messages: orders(3), acks: 0 });
  expect(lab.ledger.inDoubt(topic.name)).toEqual(new Map([[0, 3]]));
  const consumer = await reader(topic, group);
  await lab.untilProcessed(group, topic, { records: 3 });
  await lab.untilCommitted(group, topic);
  const found = await agreed(lab, 'acks 0', topic.name, group);
  expect(found).toMatchObject({ produced: 3, processed: 3, inDoubt: 0, missing: 0 });
  await leave(producer, consumer);
});

test('compacted: what is gone is missed by nobody', async () => {
  const config = {
    'cleanup.policy': 'compact',
    'segment.ms': '100',
    'min.cleanable.dirty.ratio': '0.01',
    'max.compaction.lag.ms': '500',
    'delete.retention.ms': '100',
  };
  const topic = await lab.topic('compacted', { config });
  const group = lab.group('compacted');
  const producer = await producerOf();
  const send = (n: number) =>
    producer.send({ topic: topic.name, messages: [{ key: `key-${n % 3}`, value: `${n}` }] });
  for (let n = 0; n < 9; n++) await send(n);
  let sent = 9;
  // The active segment is never compacted: it ends with the next record.
  const isCompacted = async () => {
    await send(sent++);
    return (await firstRecord(topic)) > 0;
  };
  await expect.poll(isCompacted, { timeout: 15_000, interval: 200 }).toBe(true);
  const consumer = await readAll(topic, group);
  const found = await agreed(lab, 'compacted', topic.name, group);
  expect(found).toMatchObject({ produced: sent, missing: 0, lost: 0, skipped: 0, expired: 0 });
  expect(found.compacted).toBeGreaterThan(0);
  expect(found.compacted + found.processed).toBe(sent);
  expect(logFate(lab.ledger, topic.name, 0, 0)).toBe('compacted');
  await leave(producer, consumer);
});

test('expired: what retention took is missed by nobody', async () => {
  const topic = await lab.topic('expired', { config: { 'retention.ms': '3600000' } });
  const group = lab.group('expired');
  const producer = await producerOf();
  const old = orders(4).map((one) => ({ ...one, timestamp: String(Date.now() - 7_200_000) }));
  await producer.send({ topic: topic.name, messages: old });
  await lab.untilRetention();
  await producer.send({ topic: topic.name, messages: orders(2, 'new') });
  const consumer = await readAll(topic, group);
  const found = await agreed(lab, 'expired', topic.name, group);
  expect(found).toMatchObject({ produced: 6, expired: 4, processed: 2, missing: 0, lost: 0 });
  await leave(producer, consumer);
});

test('bookmarks that were moved', async () => {
  const topic = await lab.topic('moved');
  const group = lab.group('moved');
  const producer = await producerOf();
  await producer.send({ topic: topic.name, messages: orders(6) });
  const first = await readAll(topic, group);
  await leave(first);
  const admin = client('admin').admin();
  await admin.connect();
  const move = (offset: string) =>
    admin.setOffsets({ groupId: group, topic: topic.name, partitions: [{ partition: 0, offset }] });
  await move('4');
  expect(await agreed(lab, 'moved back', topic.name, group)).toMatchObject({ repeated: 0 });
  const second = await readAll(topic, group);
  await leave(second);
  const back = await agreed(lab, 'read again', topic.name, group);
  expect(back).toMatchObject({ processed: 6, repeated: 2, skipped: 0 });
  await producer.send({ topic: topic.name, messages: orders(3, 'skipped') });
  await move('8');
  const third = await reader(topic, group);
  await lab.untilProcessed(group, topic, { records: 7 });
  await lab.untilCommitted(group, topic);
  const ahead = await agreed(lab, 'moved ahead', topic.name, group);
  expect(ahead).toMatchObject({ processed: 7, missing: 2, skipped: 2 });
  await leave(producer, admin, third);
});
