import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka } from 'kafkajs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Lab, openLab, type Topic } from '../../../lib/src/lab/index.ts';
import { runOf } from '../../../lib/src/lab/resources/names.ts';
import { sweep } from '../../../lib/src/lab/sweep.ts';
import { assignment, type ShareKind, tally } from '../../../lib/src/ledger/index.ts';
import {
  type HandlingOptions,
  type ShareConsumerOptions,
  setGroupConfigs,
  shareConsumer,
} from '../../../lib/src/share-groups/index.ts';
import { until } from '../../support/broker.ts';
import { groupConfigs, shareGroupOffsets, shareGroups } from '../../support/kafka-tools.ts';
import { ownState, recordingHost } from '../../support/lab.ts';

ownState();
const host = recordingHost();
let lab: Lab;
beforeAll(async () => {
  lab = await openLab('shares');
});
afterEach(() => expect(host.failures.splice(0)).toEqual([]));
afterAll(() => lab.close());

/** Of a group one of whose locks is to run out, and no other, on a machine with much to do. */
const LOCK_MS = 4000;
const client = (clientId: string) => new Kafka({ clientId, ...lab.connection });

/** With a lock that is over in none of the tests, unless another is given, in ms. */
async function jobs(
  name: string,
  values: string[],
  lock = 30_000,
): Promise<{ topic: Topic; group: string }> {
  const topic = await lab.topic(name);
  const group = lab.group(name);
  await setGroupConfigs(client('admin'), group, {
    'share.auto.offset.reset': 'earliest',
    'share.record.lock.duration.ms': `${lock}`,
  });
  const producer = lab.watch(client('shop')).producer();
  await producer.connect();
  await producer.send({
    topic: topic.name,
    messages: values.map((value) => ({ key: value, value })),
  });
  await producer.disconnect();
  return { topic, group };
}

/** A watched member that reads one record at a time. */
async function join(
  clientId: string,
  { topic, group }: { topic: Topic; group: string },
  handling: HandlingOptions,
  more: Partial<ShareConsumerOptions> = {},
) {
  const options = { groupId: group, maxRecords: 1, acquireMode: 'record-limit', ...more } as const;
  const consumer = lab.watch(shareConsumer(client(clientId), options));
  await consumer.connect();
  await consumer.subscribe({ topics: [topic.name] });
  await consumer.run(handling);
  return consumer;
}

const KINDS: ShareKind[] = [
  'acquired',
  'accepted',
  'released',
  'rejected',
  'renewed',
  'lock expired',
];

/** What became of each delivery, in order: by the offset of its record. */
function fatesOf(topic: Topic): Record<number, string[]> {
  const all = KINDS.flatMap((kind) => lab.ledger.shares(kind, { topic: topic.name }));
  const fates: Record<number, string[]> = {};
  for (const { kind, offset, deliveries } of all.toSorted((a, b) => a.time - b.time))
    (fates[offset] ??= []).push(`${kind} ${deliveries}`);
  return fates;
}

test('the ledger has what became of each delivery, and Kafka’s own tool says that nothing is left', async () => {
  const work = await jobs('work', ['good', 'bad', 'shy', 'slow', 'long'], LOCK_MS);
  lab.expectError(work.group, 'too shy');
  const member = await join('a', work, {
    eachMessage: async ({ message, deliveryCount, acknowledge }) => {
      const what = String(message.value);
      if (what === 'bad') await acknowledge('reject');
      if (what === 'shy' && deliveryCount === 1) throw new Error('too shy');
      if (what === 'long') await acknowledge('renew');
      if (what === 'slow' && deliveryCount === 1) await sleep(1.5 * LOCK_MS);
    },
  });
  const { name } = work.topic;
  const lag = async () => (await shareGroupOffsets(lab.connection.brokers, work.group))[0]?.lag;
  await until(async () => (await lag()) === 0, 'nothing to be left', 40_000);
  expect(fatesOf(work.topic)).toEqual({
    0: ['acquired 1', 'accepted 1'],
    1: ['acquired 1', 'rejected 1'],
    2: ['acquired 1', 'released 1', 'acquired 2', 'accepted 2'],
    3: ['acquired 1', 'lock expired 1', 'acquired 2', 'accepted 2'],
    4: ['acquired 1', 'renewed 1', 'accepted 1'],
  });
  expect(assignment(lab.ledger, work.group)).toEqual({ a: [0] });
  expect(tally(lab.ledger, work.group, name)).toMatchObject({ processed: 5 });
  const failed = lab.ledger.records('failed', { topic: name });
  expect(failed.map(({ offset, key, member: by }) => [offset, key, by])).toEqual([[2, 'shy', 'a']]);
  await member.disconnect();
  const kinds = lab.ledger.members({ group: work.group }).map(({ kind }) => kind);
  expect([kinds[0], kinds.at(-1)]).toEqual(['joining', 'left']);
});

test('what a member had when it stopped is released in the ledger, too', async () => {
  const work = await jobs('left', ['one', 'two', 'three']);
  const member = await join('b', work, { eachMessage: () => sleep(300) }, { maxRecords: 3 });
  const first = () => lab.ledger.records('delivered', { topic: work.topic.name }).length > 0;
  await until(first, 'the first record', 30_000);
  await member.stop();
  expect(fatesOf(work.topic)).toEqual({
    0: ['acquired 1', 'accepted 1'],
    1: ['acquired 1', 'released 1'],
    2: ['acquired 1', 'released 1'],
  });
});

test('a cell that is run again retires its earlier member; an error that nobody expects fails the cell', async () => {
  const work = await jobs('again', []);
  const calm = { eachMessage: async () => {} };
  await join('c', work, calm);
  await join('c', work, {
    eachMessage: async ({ deliveryCount }) => {
      if (deliveryCount === 1) throw new Error('unexpected');
    },
  });
  const left = () => lab.ledger.members({ group: work.group }).some(({ kind }) => kind === 'left');
  expect(left()).toBe(true);
  const producer = client('shop').producer();
  await producer.connect();
  await producer.send({ topic: work.topic.name, messages: [{ value: 'x' }] });
  await producer.disconnect();
  await until(() => host.failures.length > 0, 'the cell to be failed', 30_000);
  expect(host.failures.splice(0).map(String)).toEqual(['Error: unexpected']);
});

test('a sweep takes a share group of a run that is over, with its settings', async () => {
  const { topic, group: live } = await jobs('swept', []);
  const group = 'workers.05-scaling.zz9';
  await setGroupConfigs(client('admin'), group, { 'share.auto.offset.reset': 'earliest' });
  const calm = { eachMessage: async () => {} };
  await (await join('over', { topic, group }, calm)).disconnect();
  await (await join('alive', { topic, group: live }, calm)).disconnect();
  const { brokers } = lab.connection;
  expect(await shareGroups(brokers)).toContain(group);
  await sweep(client('sweeper'), async () => new Set([`${runOf(topic.name)}`]));
  const left = await shareGroups(brokers);
  expect([left.includes(group), left.includes(live)]).toEqual([false, true]);
  expect(await groupConfigs(brokers, group)).toEqual({});
  expect(await groupConfigs(brokers, live)).not.toEqual({});
});
