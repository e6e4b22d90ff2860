import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { setGroupConfigs, shareConsumer } from '../../../lib/src/share-groups/index.ts';
import { consoleConsumer, membersOf, shareGroupOffsets } from '../../support/kafka-tools.ts';
import { Shares } from '../../support/share-groups.ts';

// Each call of Kafka's own tools takes a second or more.
vi.setConfig({ testTimeout: 90_000 });
const shares = new Shares();
beforeEach(() => void shares.deliveries.splice(0));
const values = () => shares.deliveries.map(({ value }) => value);
const lagOf = async (group: string) => (await shareGroupOffsets(shares.brokers, group))[0]?.lag;

test('the ends of transactions are nobody’s work; what was aborted neither, where the group reads committed', async () => {
  const configs = { 'share.isolation.level': 'read_committed' };
  const { topic, group } = await shares.jobs(['plain'], { configs });
  const options = { transactionalId: topic, maxInFlightRequests: 1, idempotent: true };
  const producer = shares.kafka().producer(options);
  await producer.connect();
  for (const [value, end] of [
    ['committed', 'commit'],
    ['aborted', 'abort'],
    ['last', 'commit'],
  ] as const) {
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ value }] });
    await transaction[end]();
  }
  await producer.disconnect();
  await shares.members(['a'], { topic, group });
  await shares.until(() => values().includes('last'), 'the last one');
  await shares.until(async () => (await lagOf(group)) === 0, 'nothing to be left');
  expect(values()).toEqual(['plain', 'committed', 'last']);
});

test('beside Kafka’s own share consumer: each record goes to one of them', async () => {
  const { topic, group } = await shares.jobs([]);
  await shares.members(['a'], { topic, group, maxRecords: 1, acquireMode: 'record-limit' }, () =>
    sleep(20),
  );
  const other = consoleConsumer('share', { brokers: shares.brokers, topic, group });
  onTestFinished(() => void other.kill());
  const both = async () => (await membersOf(shares.brokers, group, 'share')).length === 2;
  await shares.until(both, 'both to be members');
  // Its partitions come a moment after it is a member, and it takes whole batches: produced until both have had some.
  let produced = 0;
  const hasShared = async () => {
    await shares.produce(
      topic,
      Array.from({ length: 20 }, () => `job ${produced++}`),
    );
    const ours = shares.deliveries.length;
    return (await lagOf(group)) === 0 && 0 < ours && ours < produced;
  };
  await shares.until(hasShared, 'both to have had some', 60_000);
  expect(new Set(values()).size).toBe(values().length);
});

test('an aborted signal ends what waits for it, tells the handler, and lets the records go', async () => {
  const { topic, group } = await shares.jobs(['one', 'two']);
  const abort = new AbortController();
  let isTold = false;
  const consumer = await shares.member(
    'a',
    { topic, group, signal: abort.signal },
    async (payload) => {
      await new Promise((told) => payload.signal.addEventListener('abort', told));
      isTold = true;
      await payload.acknowledge('release');
    },
  );
  await shares.until(() => shares.deliveries.length === 1, 'the first one');
  abort.abort();
  await shares.until(() => isTold, 'the handler to be told');
  await consumer.disconnect();
  expect(await membersOf(shares.brokers, group, 'share')).toEqual([]);
  const late = shareConsumer(shares.kafka(), { groupId: group, signal: abort.signal });
  onTestFinished(() => late.disconnect());
  await expect(late.connect()).rejects.toMatchObject({ code: 'ABORTED' });
  await shares.members(['b'], { topic, group });
  await shares.until(() => shares.deliveries.length === 3, 'both to come again');
  expect(shares.deliveries.map(({ deliveryCount }) => deliveryCount)).toEqual([1, 2, 2]);
});

test('what cannot be is refused by name', async () => {
  const { topic, group } = await shares.jobs([]);
  const kafka = shares.kafka();
  for (const wrong of [{ maxRecords: 0 }, { maxWaitTimeInMs: 0.5 }, { acquireMode: 'none' as any }])
    expect(() => shareConsumer(kafka, { groupId: group, ...wrong })).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT' }),
    );
  const consumer = shareConsumer(kafka, { groupId: group });
  onTestFinished(() => consumer.disconnect());
  const run = () => consumer.run({ eachMessage: async () => {} });
  await expect(run()).rejects.toMatchObject({ code: 'BAD_STATE' });
  await consumer.connect();
  await expect(consumer.subscribe({ topics: [] })).rejects.toMatchObject({ code: 'BAD_INPUT' });
  await expect(run()).rejects.toMatchObject({ code: 'BAD_STATE' });
  await consumer.subscribe({ topics: [topic] });
  await run();
  await expect(run()).rejects.toMatchObject({ code: 'BAD_STATE' });
  const configs = { 'share.auto.offset.reset': 'somewhere' };
  await expect(setGroupConfigs(kafka, group, configs)).rejects.toMatchObject({
    ...{ code: 'REFUSED', type: 'INVALID_CONFIG' },
  });
});
