import { join } from 'node:path';
import { Consumer, type Message, Producer } from '@platformatic/kafka';
import { Kafka, type Transaction } from 'kafkajs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Lab, openLab, type Topic } from '../../../lib/src/lab/index.ts';
import { account } from '../../../lib/src/ledger/index.ts';
import {
  describeGroup,
  markersInFile,
  openTransactions,
  recordsInFile,
  transactions,
} from '../../support/kafka-tools.ts';
import { ownState, recordingHost } from '../../support/lab.ts';

const state = ownState();
const host = recordingHost();
let lab: Lab;

beforeAll(async () => {
  lab = await openLab('test');
});
afterEach(() => expect(host.failures).toEqual([]));
afterAll(() => lab.close());

const kafka = (clientId: string) => lab.watch(new Kafka({ clientId, ...lab.connection }));

async function ordersIn(topic: Topic, count: number): Promise<void> {
  const producer = kafka('shop').producer();
  await producer.connect();
  const messages = Array.from({ length: count }, (_, n) => ({ value: `order ${n}` }));
  await producer.send({ topic: topic.name, messages });
  await producer.disconnect();
}

const fileOf = ({ name }: Topic) =>
  join(state, 'data', 'kafka', 'log', `${name}-0`, `${'0'.repeat(20)}.log`);

/** What Kafka's own tools say of a topic: its records, its markers, and where open transactions begin. */
async function seenByKafka(topic: Topic) {
  const { brokers } = lab.connection;
  const [records, markers, open] = await Promise.all([
    recordsInFile(fileOf(topic)),
    markersInFile(fileOf(topic)),
    openTransactions(brokers, topic.name),
  ]);
  // To the tool a marker is a record, too.
  return {
    records: records.filter((offset) => !markers.has(offset)),
    markers: [...markers],
    open,
  };
}

/** A transaction of kafkajs's with an invoice that moves the bookmark of a group. */
async function billing(
  member: string,
  { from, to, group }: { from: Topic; to: Topic; group: string },
  offset: number,
): Promise<Transaction> {
  const producer = kafka(member).producer({
    ...{ transactionalId: `${group}.${member}`, idempotent: true, maxInFlightRequests: 1 },
  });
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({ topic: to.name, messages: [{ value: member }] });
  const topics = [{ topic: from.name, partitions: [{ partition: 0, offset: `${offset}` }] }];
  await transaction.sendOffsets({ consumerGroupId: group, topics });
  return transaction;
}

test('of two bookmarks the one that was handed in last stays, also when its transaction ends first', async () => {
  const [from, to] = [await lab.topic('orders'), await lab.topic('bills')];
  await ordersIn(from, 5);
  const group = lab.group('billing', { fresh: true });
  const zombie = await billing('zombie', { from, to, group }, 1);
  const successor = await billing('successor', { from, to, group }, 5);
  await successor.commit();
  await zombie.commit();
  const trail = lab.ledger.trail('committed', { group, topic: from.name });
  expect(trail.newest(0)).toBe(5);
  const [row] = await describeGroup(lab.connection.brokers, group);
  expect(row).toMatchObject({ committed: 5, lag: 0 });
  expect(await seenByKafka(to)).toMatchObject({
    records: [0, 1],
    markers: [
      [2, 'COMMIT'],
      [3, 'COMMIT'],
    ],
  });
});

/** Bills orders by @platformatic/kafka, each in a transaction: the first two are committed, the next aborted, the last left open. */
async function billFour(consumer: Consumer, producer: Producer, { name: topic }: Topic, of: Topic) {
  const from = { mode: 'committed', fallbackMode: 'earliest' } as const;
  const stream = await consumer.consume({ topics: [of.name], ...from });
  for await (const order of stream as AsyncIterable<Message>) {
    const transaction = await producer.beginTransaction();
    await transaction.send({ messages: [{ topic, partition: 0, value: order.value }] });
    await transaction.addConsumer(consumer);
    await transaction.addOffset(order);
    if (order.offset === 3n) return;
    await (order.offset === 2n ? transaction.abort() : transaction.commit());
  }
}

test('transactions of @platformatic/kafka are in the ledger what Kafka’s own tools see', async () => {
  const [from, to] = [await lab.topic('orders'), await lab.topic('invoices')];
  await ordersIn(from, 4);
  const groupId = lab.group('modern', { fresh: true });
  // The timeout is that of transactions, too.
  const timing = { retries: 50, retryDelay: 20, timeout: 60_000 };
  const shared = { clientId: 'modern', ...timing, ...lab.platformatic };
  const consumer = lab.watch(new Consumer({ ...shared, groupId, autocommit: false }));
  const transactionalId = lab.transactionalId('modern');
  const producer = lab.watch(new Producer({ ...shared, idempotent: true, transactionalId }));
  await billFour(consumer, producer, to, from);
  // From 4 on it is for brokers.
  const apis = await producer.listApis();
  expect(apis.find(({ name }) => name === 'AddPartitionsToTxn')?.maxVersion).toBe(3);

  const { brokers } = lab.connection;
  const { produced, open, aborted } = account(lab.ledger, 'nobody', to.name);
  expect({ produced, open, aborted }).toEqual({ produced: 2, open: 1, aborted: 1 });
  expect(await seenByKafka(to)).toEqual({
    records: [0, 2, 4, 6],
    markers: [
      [1, 'COMMIT'],
      [3, 'COMMIT'],
      [5, 'ABORT'],
    ],
    open: [6],
  });
  expect((await transactions(brokers))[transactionalId]).toBe('Ongoing');
  expect(lab.ledger.trail('committed', { group: groupId, topic: from.name }).newest(0)).toBe(2);
  const [row] = await describeGroup(brokers, groupId);
  expect(row?.committed).toBe(2);
});
