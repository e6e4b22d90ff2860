import { readdirSync } from 'node:fs';
import { Kafka } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeGroup } from '../../../lib/src/broker/tools/describe-group.ts';
import { type Lab, openLab, type Topic } from '../../../lib/src/lab/index.ts';
import { lagNow, positions } from '../../../lib/src/ledger/index.ts';
import { processesOf, waitUntil } from '../../support/command.ts';
import { ownState, recordingHost } from '../../support/lab.ts';

const state = ownState();
const host = recordingHost();
let lab: Lab;

beforeAll(async () => {
  lab = await openLab('test');
});
afterAll(() => lab.close());

const client = (clientId: string) => lab.watch(new Kafka({ clientId, ...lab.connection }));

async function produce(topic: Topic, count: number): Promise<void> {
  const producer = client('shop').producer();
  await producer.connect();
  const messages = Array.from({ length: count }, (_, n) => ({ value: `order ${n}` }));
  await producer.send({ topic: topic.name, messages });
  await producer.disconnect();
}

async function join(clientId: string, groupId: string, topic: Topic) {
  const consumer = client(clientId).consumer({ groupId, ...lab.quick });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic.name], fromBeginning: true });
  await consumer.run({ eachMessage: async () => {} });
  return consumer;
}

test('what Kafka’s own tool says of a group is what the ledger says: with members, and without', async () => {
  const topic = await lab.topic('orders', { partitions: 2 });
  const group = lab.group('shipping');
  await produce(topic, 10);
  const consumer = await join('a', group, topic);
  await lab.untilCommitted(group, topic);
  const ours = () =>
    positions(lab.ledger, group, topic.name).map(({ partition, committed, end, lag }) => ({
      ...{ topic: topic.name, partition, committed, end, lag },
    }));
  const read = await lab.describeGroup(group);
  expect(read).toEqual(ours().map((row) => ({ ...row, member: 'a' })));
  expect(read.map(({ lag }) => lag)).toEqual([0, 0]);
  await consumer.disconnect();
  await produce(topic, 6);
  expect(await lab.describeGroup(group)).toEqual(ours().map((row) => ({ ...row, member: '-' })));
  expect(ours().map(({ lag }) => lag)).toEqual([3, 3]);
});

const nowhere = { brokers: ['127.0.0.1:1'] };

test('of a group that is not there Kafka’s tool says nothing; of one that cannot be asked for it says why', async () => {
  expect(await lab.describeGroup('nobody')).toEqual([]);
  await expect(describeGroup(nowhere, 'nobody', 3000)).rejects.toMatchObject({
    code: expect.stringMatching(/BROKER_FAILED|TIMED_OUT/),
  });
});

test('a tool that is interrupted or takes too long says so, is ended and leaves nothing', async () => {
  // Whoever watches over it has its command line, too, and ends a moment later.
  const tools = () =>
    processesOf(state).filter(
      ({ command }) => command.includes('ConsumerGroup') && !command.includes('kafka-guard'),
    );
  const asked = describeGroup(nowhere, 'nobody');
  await waitUntil(() => tools().length > 0, 'the tool to run');
  host.interrupt();
  await expect(asked).rejects.toMatchObject({ code: 'INTERRUPTED' });
  await expect(describeGroup(nowhere, 'nobody', 1)).rejects.toMatchObject({
    code: 'TIMED_OUT',
    what: expect.stringContaining('kafka-consumer-groups has not answered'),
  });
  expect(tools()).toEqual([]);
  expect(readdirSync(`${state}/run`).filter((name) => name.startsWith('tool-'))).toEqual([]);
});

test('an open transaction is seen by its producer, and gone when that has ended it', async () => {
  const topic = await lab.topic('payments');
  const transactionalId = lab.transactionalId('payments');
  const settings = { transactionalId, idempotent: true, maxInFlightRequests: 1 };
  const producer = client('till').producer(settings);
  await producer.connect();
  await produce(topic, 3);
  expect(await lab.describeProducers(topic)).toEqual([]);
  const transaction = await producer.transaction();
  await transaction.send({ topic: topic.name, messages: [{ value: 'hanging' }] });
  expect(await lab.describeProducers(topic)).toMatchObject([{ transactionStart: 3 }]);
  await transaction.commit();
  expect(await lab.describeProducers(topic)).toMatchObject([{ transactionStart: undefined }]);
  await producer.disconnect();
});

test('bookmarks that expire are gone for Kafka and for the ledger, and the group with them', async () => {
  const topic = await lab.topic('receipts');
  const group = lab.group('archive');
  await produce(topic, 4);
  const consumer = await join('archivist', group, topic);
  await lab.untilCommitted(group, topic);
  await expect(lab.expireOffsets(group, topic)).rejects.toMatchObject({
    code: 'BAD_INPUT',
    what: expect.stringContaining('it has members (archivist)'),
  });
  await consumer.disconnect();
  expect(await lab.describeGroup(group)).toMatchObject([{ committed: 4, lag: 0 }]);
  await lab.expireOffsets(group, topic);
  expect(await lab.describeGroup(group)).toEqual([]);
  expect(lagNow(lab.ledger, group, topic.name)).toBe(4);
});
