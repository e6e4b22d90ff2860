import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, test, vi } from 'vitest';
import { type ShareConsumerEvents, setGroupConfigs } from '../../../lib/src/share-groups/index.ts';
import { membersOf, shareGroupOffsets, shareGroupState } from '../../support/kafka-tools.ts';
import { type Delivered, Shares } from '../../support/share-groups.ts';

// Each call of Kafka's own tools takes a second or more.
vi.setConfig({ testTimeout: 90_000 });
const shares = new Shares();
beforeEach(() => void shares.deliveries.splice(0));

/** One record at a time for each member, so that members share what was produced at once. */
const ONE = { maxRecords: 1, acquireMode: 'record-limit' } as const;
const LOCK_MS = 1000; // the shortest that Kafka allows
const lockOf = (ms: number) => ({ configs: { 'share.record.lock.duration.ms': `${ms}` } });
const SHORT_LOCK = lockOf(LOCK_MS);
const numbered = (count: number) => Array.from({ length: count }, (_, n) => `job ${n}`);
const ofJob = (value: string) => shares.deliveries.filter((one) => one.value === value);
const counts = (deliveries: Delivered[]) => deliveries.map(({ deliveryCount }) => deliveryCount);
const offsets = () => shares.deliveries.map(({ offset }) => offset).toSorted((a, b) => a - b);

/** What Kafka's own tool says is left to do. */
async function lagOf(group: string): Promise<number> {
  const rows = await shareGroupOffsets(shares.brokers, group);
  return rows.reduce((sum, { lag }) => sum + lag, 0);
}

test('four members work at once on one partition, and each record is handled once', async () => {
  const { topic, group } = await shares.jobs([]);
  let atOnce = 0;
  let most = 0;
  const names = ['a', 'b', 'c', 'd'];
  const members = await shares.members(names, { topic, group, ...ONE }, async () => {
    most = Math.max(most, ++atOnce);
    // The first ones stand until each member has one.
    await shares.until(() => most === names.length, 'all four to have a record');
    atOnce--;
  });
  await shares.produce(topic, numbered(40));
  await shares.until(() => shares.deliveries.length >= 40 && atOnce === 0, 'all to be handled');
  expect(most).toBe(4);
  expect(offsets()).toEqual(numbered(40).map((_, n) => n));
  expect(new Set(counts(shares.deliveries))).toEqual(new Set([1]));
  expect(await shareGroupState(shares.brokers, group)).toEqual({ state: 'Stable', members: 4 });
  expect(await membersOf(shares.brokers, group, 'share')).toHaveLength(4);
  expect(await lagOf(group)).toBe(0);
  await Promise.all(members.map((member) => member.disconnect()));
  expect(await shareGroupState(shares.brokers, group)).toEqual({ state: 'Empty', members: 0 });
});

test('what a handler says becomes of a record: again, never again, done', async () => {
  const { topic, group } = await shares.jobs(['good', 'bad', 'shy', 'thrown']);
  await shares.members(['a', 'b'], { topic, group, ...ONE }, async (payload, { value }) => {
    const { acknowledge, deliveryCount } = payload;
    if (value === 'bad') await acknowledge('reject');
    if (value === 'shy' && deliveryCount < 3) await acknowledge('release');
    if (value === 'thrown' && deliveryCount === 1) throw new Error('once');
  });
  await shares.until(() => ofJob('shy').length === 3 && ofJob('thrown').length === 2, 'all of it');
  await shares.until(async () => (await lagOf(group)) === 0, 'nothing to be left');
  expect(counts(ofJob('good'))).toEqual([1]);
  expect(counts(ofJob('bad'))).toEqual([1]);
  expect(counts(ofJob('shy'))).toEqual([1, 2, 3]);
  expect(counts(ofJob('thrown'))).toEqual([1, 2]);
});

test('after five deliveries a record is archived without a word', async () => {
  const { topic, group } = await shares.jobs(['poison', 'good']);
  await shares.members(['a', 'b'], { topic, group, ...ONE }, async (_, { value }) => {
    if (value === 'poison') throw new Error('always');
  });
  await shares.until(() => ofJob('poison').length === 5, 'five deliveries');
  await shares.until(async () => (await lagOf(group)) === 0, 'nothing to be left');
  expect(counts(ofJob('poison'))).toEqual([1, 2, 3, 4, 5]);
  expect(counts(ofJob('good'))).toEqual([1]);
});

test('a lock that runs out gives the record to another member, and what comes late is refused by name', async () => {
  const { topic, group } = await shares.jobs([], SHORT_LOCK);
  const late: unknown[] = [];
  const expired: ShareConsumerEvents['expired'][] = [];
  const members = await shares.members(['a', 'b'], { topic, group, ...ONE }, async (payload) => {
    // A record that the group has passed, since another has accepted it, is nobody's to be late with.
    if (payload.deliveryCount > 1) return shares.until(() => late.length === 2, 'the first');
    await shares.until(() => ofJob('slow').length >= 2, 'another to have it');
    await payload.acknowledge('accept').catch((error) => late.push(error));
    await payload.acknowledge('accept').catch((error) => late.push(error));
  });
  for (const member of members) member.on('expired', (event) => expired.push([event]));
  const before = performance.now();
  await shares.produce(topic, ['slow']);
  await shares.until(() => late.length === 2, 'the first to be late');
  const [first, second] = ofJob('slow') as [Delivered, Delivered];
  expect(second.member).not.toBe(first.member);
  // The lock begins when the broker has acquired it, which its member may hear of late.
  expect(second.at - before).toBeGreaterThan(LOCK_MS);
  expect(late).toEqual([
    expect.objectContaining({ code: 'LATE_ACKNOWLEDGEMENT', type: 'INVALID_RECORD_STATE' }),
    expect.objectContaining({ code: 'ALREADY_ACKNOWLEDGED' }),
  ]);
  expect(expired[0]).toEqual([expect.objectContaining({ topic, partition: 0, deliveryCount: 1 })]);
});

test('a lock that is renewed lasts', async () => {
  const { topic, group } = await shares.jobs(['long'], lockOf(4 * LOCK_MS));
  let isDone = false;
  await shares.members(['a', 'b'], { topic, group, ...ONE }, async ({ acknowledge }) => {
    const end = performance.now() + 5 * LOCK_MS;
    while (performance.now() < end) {
      await sleep(600);
      await acknowledge('renew');
    }
    await acknowledge('accept');
    isDone = true;
  });
  await shares.until(() => isDone, 'the long one to be done');
  expect(counts(ofJob('long'))).toEqual([1]);
  expect(await lagOf(group)).toBe(0);
});

test('what a member has and did not handle is released when it stops, not when the lock runs out', async () => {
  const { topic, group } = await shares.jobs(numbered(10));
  const [a] = await shares.members(['a'], { topic, group, maxRecords: 10 }, () => sleep(100));
  await shares.until(() => shares.deliveries.length === 1, 'the first one');
  const { offset } = shares.deliveries[0] as Delivered;
  await a?.stop();
  const stopped = performance.now();
  await shares.members(['b'], { topic, group, maxRecords: 10 });
  await shares.until(() => shares.deliveries.length === 10, 'the other nine');
  expect(performance.now() - stopped).toBeLessThan(10_000); // the lock lasts 30 s
  expect(offset).toBe(0);
  expect(offsets()).toEqual(numbered(10).map((_, n) => n));
  expect(counts(shares.deliveries)).toEqual([1, 2, 2, 2, 2, 2, 2, 2, 2, 2]);
});

test('without acknowledging by itself: what nobody acknowledges comes again', async () => {
  const { topic, group } = await shares.jobs(['forgotten'], SHORT_LOCK);
  const options = { topic, group, autoAcknowledge: false };
  await shares.members(['a'], options, async ({ acknowledge, deliveryCount }) => {
    // The second time there is no hurry.
    if (deliveryCount === 1) await setGroupConfigs(shares.kafka(), group, lockOf(30_000).configs);
    else await acknowledge();
  });
  await shares.until(async () => (await lagOf(group)) === 0, 'it to be done');
  expect(counts(ofJob('forgotten'))).toEqual([1, 2]);
});
