import { join } from 'node:path';
import { type Consumer, Kafka } from 'kafkajs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Lab, openLab, type Topic } from '../../../lib/src/lab/index.ts';
import { account } from '../../../lib/src/ledger/index.ts';
import { orderEvents } from '../../../lib/src/shop/order.ts';
import { describeGroup, markersInFile, openTransactions } from '../../support/kafka-tools.ts';
import { ownState, recordingHost } from '../../support/lab.ts';

const state = ownState();
const host = recordingHost();
const event = orderEvents({ seed: 1 });
let lab: Lab;
let kafka: Kafka;

beforeAll(async () => {
  lab = await openLab('test');
  kafka = lab.watch(new Kafka({ clientId: 'shop', ...lab.connection }));
});
afterEach(() => expect(host.failures).toEqual([]));
afterAll(() => lab.close());

async function orders(): Promise<Topic> {
  const topic = await lab.topic('orders');
  const producer = kafka.producer();
  await producer.connect();
  const messages = Array.from({ length: 20 }, (_, n) => event(n));
  await producer.send({ topic: topic.name, messages });
  await producer.disconnect();
  return topic;
}

/** The ids of the orders of which there are invoices, in the order of the log. */
async function invoices({ name }: Topic, readUncommitted: boolean): Promise<string[]> {
  const [end] = await kafka.admin().fetchTopicOffsets(name);
  const groupId = lab.group('auditor', { fresh: true });
  const consumer: Consumer = kafka.consumer({ groupId, readUncommitted, ...lab.quick });
  const found: string[] = [];
  let reached = 0;
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
    reached = Number(payload.lastOffset) + 1;
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [name], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => void found.push(JSON.parse(`${message.value}`).order),
  });
  await lab.until('the invoices to be read', () => reached >= Number(end?.high));
  await consumer.disconnect();
  return found;
}

/** The ends of transactions in the log, in order. */
async function markers({ name }: Topic): Promise<string[]> {
  const folder = join(state, 'data', 'kafka', 'log', `${name}-0`);
  return [...(await markersInFile(join(folder, `${'0'.repeat(20)}.log`))).values()];
}

test('a service that starts ends what its id has left open, before it reads anything', async () => {
  const [topic, to] = [await lab.topic('none'), await lab.topic('bills')];
  const group = lab.group('billing', { fresh: true });
  const producer = kafka.producer({
    ...{ transactionalId: group, idempotent: true, maxInFlightRequests: 1 },
  });
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({ topic: to.name, messages: [{ value: 'left open' }] });
  const { brokers } = lab.connection;
  expect(await openTransactions(brokers, to.name)).toEqual([0]);

  await lab.service('billing', { group, topic, to, transactionalId: group });
  expect(await openTransactions(brokers, to.name)).toEqual([]);
  expect(await markers(to)).toEqual(['ABORT']);
  await expect(transaction.commit()).rejects.toMatchObject({ type: 'INVALID_PRODUCER_EPOCH' });
});

const ids = (count: number) => Array.from({ length: count }, (_, n) => `o-${n + 1}`);

const CASES = [
  ['send', true, { seen: 20, repeated: 0, aborted: 5, ends: 'C A C C C' }],
  ['sendOffsets', true, { seen: 20, repeated: 0, aborted: 5, ends: 'C A C C C' }],
  ['commit', true, { seen: 20, repeated: 0, aborted: 0, ends: 'C C C C' }],
  ['send', false, { seen: 25, repeated: 5, aborted: 0, ends: '' }],
  ['commit', false, { seen: 20, repeated: 0, aborted: 0, ends: '' }],
] as const;

test.each(CASES)(
  'killed after %s, in a transaction: %s',
  async (standsAfter, isTransactional, { seen, repeated, aborted, ends }) => {
    const [topic, to] = [await orders(), await lab.topic('invoices')];
    const group = lab.group('billing', { fresh: true });
    const transactionalId = isTransactional ? group : undefined;
    const options = { group, topic, to, every: 5, ...(transactionalId && { transactionalId }) };
    const toKill = { ...options, sessionTimeout: 1500, standsAt: 7, standsAfter };
    const service = await lab.service('billing', toKill);
    await service.standing();
    await service.crash();
    const isOpen = isTransactional && standsAfter !== 'commit';
    const { brokers } = lab.connection;
    expect(await openTransactions(brokers, to.name, 0)).toHaveLength(isOpen ? 1 : 0);

    await lab.service('billing', options);
    await lab.untilCommitted(group, topic);
    const [row] = await describeGroup(brokers, group);
    expect(row?.committed).toBe(20);
    const read = await invoices(to, false);
    expect(read).toHaveLength(seen);
    expect(new Set(read)).toEqual(new Set(ids(20)));
    expect(await invoices(to, true)).toHaveLength(seen + aborted);
    expect(account(lab.ledger, group, topic.name).repeated).toHaveLength(repeated);
    expect((await markers(to)).map(([first]) => first).join(' ')).toBe(ends);
    const { produced, open, ...rest } = account(lab.ledger, 'nobody', to.name);
    expect({ produced, open, aborted: rest.aborted }).toEqual({ produced: seen, open: 0, aborted });
  },
);
