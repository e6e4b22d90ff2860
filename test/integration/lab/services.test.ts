import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { Kafka } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lab, openLab, type Service, type Topic } from '../../../lib/src/lab/index.ts';
import type { ServiceOptions } from '../../../lib/src/lab/service/service-options.ts';
import {
  account,
  placeName,
  presentMembers,
  tally,
  uncommitted,
} from '../../../lib/src/ledger/index.ts';
import { root, stateDir } from '../../../lib/src/paths.ts';
import { orderEvents } from '../../../lib/src/shop/order.ts';
import { describeGroup } from '../../support/kafka-tools.ts';
import { ownState, recordingHost } from '../../support/lab.ts';

ownState();
const host = recordingHost();
const event = orderEvents({ seed: 1 });
let lab: Lab;

beforeAll(async () => {
  lab = await openLab('test');
});
afterAll(() => lab.close());

async function produce(topic: Topic, messages: { key?: string; value: string }[]): Promise<void> {
  const producer = lab.watch(new Kafka({ clientId: 'shop', ...lab.connection })).producer();
  await producer.connect();
  await producer.send({ topic: topic.name, messages });
  await producer.disconnect();
}

const orders = (count: number) => Array.from({ length: count }, (_, n) => event(n));
const describe = async (group: string) => describeGroup(lab.connection.brokers, group);
const isAlive = ({ pid }: Pick<Service, 'pid'>) => existsSync(`/proc/${pid}`);

/** The signals that a process has not taken yet, as bits: its thread's and its own. */
function pendingSignals({ pid }: Pick<Service, 'pid'>): (string | undefined)[] {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return ['SigPnd', 'ShdPnd'].map(
    (name) => new RegExp(`^${name}:\\s+0*([0-9a-f]+)$`, 'm').exec(status)?.[1],
  );
}

const factFiles = (name: string) =>
  readdirSync(stateDir('services')).filter((file) => file.startsWith(name));

const delivered = (group: string) => lab.ledger.records('delivered', { group }).length;
const joined = (group: string) =>
  lab.ledger.members({ group }).filter(({ kind }) => kind === 'joined').length;

function committed(group: string, partition: number): number {
  const own = lab.ledger.commits({ group }).filter((fact) => fact.partition === partition);
  return own.at(-1)?.offset ?? 0;
}

test('killed inside a batch, it comes back where Kafka says it is; what was not committed comes twice, and no more', async () => {
  const topic = await lab.topic('orders', { partitions: 2 });
  const group = lab.group('email');
  const options = { group, topic, latency: 20 };
  // Slow, so that its batch lasts for seconds after the wait: the kill may come late.
  const slow = { ...options, latency: 100, sessionTimeout: 3000 };
  const email = await lab.service('email-service', slow);
  await produce(topic, orders(10));
  await lab.untilCommitted(group, topic);
  await produce(topic, orders(80));
  await lab.untilUncommitted(group, topic, { records: 3, batch: 10 });
  await email.crash();

  expect(isAlive(email)).toBe(false);
  expect(lab.ledger.members({ group }).at(-1)).toMatchObject({
    kind: 'crashed',
    member: 'email-service',
  });
  const rows = await describe(group);
  expect(rows.map((row) => row.committed)).toEqual([committed(group, 0), committed(group, 1)]);
  const atRisk = uncommitted(lab.ledger, group, topic.name).map(placeName);
  const before = lab.ledger.records('delivered', { group }).length;
  const batch = lab.ledger.batches({ group }).at(-1);
  expect(batch?.records).toBeGreaterThanOrEqual(10);
  expect(atRisk.length).toBeGreaterThan(0);

  await lab.service('email-service', options);
  await lab.untilCommitted(group, topic);
  const later = lab.ledger.records('delivered', { group }).slice(before);
  for (const row of rows) {
    expect(later.find(({ partition }) => partition === row.partition)?.offset).toBe(row.committed);
  }
  const { missing, repeated } = tally(lab.ledger, group, topic.name);
  expect(missing).toEqual([]);
  expect(repeated.map(placeName).sort()).toEqual(atRisk.sort());
  expect((await describe(group)).map(({ lag }) => lag)).toEqual([0, 0]);
});

test('stopped in order, it has left the group and repeats nothing', async () => {
  const topic = await lab.topic('orders', { partitions: 1 });
  const group = lab.group('orderly');
  const options = { group, topic, latency: 5 };
  const service = await lab.service('orderly', options);
  await produce(topic, orders(60));
  await lab.untilProcessed(group, topic, { records: 5 });
  await service.stop();
  expect(lab.ledger.members({ group }).at(-1)).toMatchObject({ kind: 'left', member: 'orderly' });
  expect(isAlive(service)).toBe(false);
  await lab.service('orderly', options);
  await lab.untilCommitted(group, topic);
  expect(tally(lab.ledger, group, topic.name)).toMatchObject({
    processed: 60,
    missing: [],
    repeated: [],
  });
});

test('stopped in the middle of a long order, it finishes that order and leaves', async () => {
  const topic = await lab.topic('orders', { partitions: 1 });
  const group = lab.group('unhurried');
  const service = await lab.service('unhurried', { group, topic, latency: 2500 });
  await produce(topic, orders(1));
  await lab.until('the order to be in its hands', () => delivered(group) === 1);
  await service.stop();
  expect(lab.ledger.members({ group }).at(-1)).toMatchObject({ kind: 'left', member: 'unhurried' });
  expect(tally(lab.ledger, group, topic.name)).toMatchObject({ processed: 1, missing: [] });
  expect(committed(group, 0)).toBe(1);
});

test.each<[string, Partial<ServiceOptions>]>([
  ['whose batches kafkajs commits', {}],
  ['that commits by itself', { first: 'process' }],
  ['that is a static member', { groupInstanceId: 'thorough' }],
])('an order that takes longer than the session is done by a service %s', async (_, how) => {
  const topic = await lab.topic('orders', { partitions: 1 });
  const group = lab.group('thorough', { fresh: true });
  const times = { latency: 3000, sessionTimeout: 1500 };
  const service = await lab.service('thorough', { group, topic, ...times, ...how });
  await produce(topic, orders(1));
  await lab.untilCommitted(group, topic);
  await service.stop();
});

test.each([
  [undefined, 1],
  [1500, 2],
])('one with the session %s that stands still for 2.5 s joins %i times', async (timeout, times) => {
  const topic = await lab.topic('orders', { partitions: 1 });
  const group = lab.group(`stalled-${times}`);
  const options = { group, topic, ...(timeout && { sessionTimeout: timeout }) };
  const { pid } = await lab.service(`stalled-${times}`, options);
  process.kill(Number(pid), 'SIGSTOP');
  await pause(2500);
  process.kill(Number(pid), 'SIGCONT');
  await lab.until('it to be a member', () => joined(group) === times);
  await produce(topic, orders(1));
  await lab.untilCommitted(group, topic);
  expect(joined(group)).toBe(times);
});

test('started again under its name, the earlier one goes first; a second instance shares the group', async () => {
  const topic = await lab.topic('orders', { partitions: 3 });
  const group = lab.group('shipping');
  const options = { group, topic, latency: 1 };
  const first = await lab.service('shipping-service', options);
  await lab.service('shipping-service', options);
  expect(isAlive(first)).toBe(false);
  await lab.service('shipping-service-2', options);
  await lab.untilStable(group, { members: 2 });
  const members = (await describe(group)).map(({ member }) => member);
  expect(new Set(members)).toEqual(new Set(['shipping-service', 'shipping-service-2']));
  const owners = ['shipping-service', 'shipping-service-2'];
  expect(presentMembers(lab.ledger, group)).toEqual(owners);
});

test.each([
  [3, [2, 1]],
  [6, [3, 3]],
])('%i partitions are split %j, and Kafka’s own tool says so', async (partitions, split) => {
  const topic = await lab.topic('split', { partitions });
  const group = lab.group('split', { fresh: true });
  const names = [`split-${partitions}-a`, `split-${partitions}-b`];
  await Promise.all(names.map((name) => lab.service(name, { group, topic, latency: 1 })));
  await lab.untilStable(group, { members: 2 });
  // Without a committed offset the tool has no row for a partition.
  await produce(
    topic,
    Array.from({ length: partitions * 2 }, (_, n) => ({ value: event(n).value })),
  );
  await lab.untilCommitted(group, topic);
  const rows = await describe(group);
  expect(names.map((name) => rows.filter(({ member }) => member === name).length)).toEqual(split);
});

test('records deleted while a group was away are skipped, and its log says so', async () => {
  const topic = await lab.topic('receipts');
  const options = { group: lab.group('archive'), topic, latency: 1 };
  const archive = await lab.service('archive-service', options);
  await produce(topic, orders(5));
  await lab.untilCommitted(options.group, topic);
  await archive.stop();
  await produce(topic, orders(20));
  const admin = new Kafka({ clientId: 'admin', ...lab.connection }).admin();
  await admin.connect();
  await admin.fetchTopicOffsets(topic.name);
  await admin.deleteTopicRecords({
    topic: topic.name,
    partitions: [{ partition: 0, offset: '15' }],
  });
  await admin.disconnect();
  const { log } = await lab.service('archive-service', options);
  await lab.untilCommitted(options.group, topic);
  expect(
    account(lab.ledger, options.group, topic.name).skipped.map(({ offset }) => offset),
  ).toEqual(Array.from({ length: 10 }, (_, i) => i + 5));
  expect(await describe(options.group)).toMatchObject([{ committed: 25, end: 25, lag: 0 }]);
  expect(readFileSync(log, 'utf8')).toContain('Offset out of range');
});

const KERNEL = `
const { openLab } = require(${JSON.stringify(join(root, 'lib', 'dist', 'index.js'))});
(async () => {
  const lab = await openLab('orphan');
  const topic = await lab.topic('orders');
  const { pid } = await lab.service('orphan-service', { group: lab.group('orphans'), topic, latency: 1 });
  console.log(pid);
  setInterval(() => {}, 1000);
})();`;

test('a service ends when its kernel is killed, and an interrupt does not reach it', async () => {
  const kernel = spawn(process.execPath, ['-e', KERNEL], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const lines = createInterface({ input: kernel.stdout });
  const [line] = (await once(lines, 'line')) as [string];
  const service = { pid: Number(line) };
  process.kill(service.pid, 'SIGINT');
  await expect.poll(() => pendingSignals(service)).toEqual(['0', '0']);
  expect(isAlive(service)).toBe(true);
  expect(factFiles('orphan')).toHaveLength(1);
  kernel.kill('SIGKILL');
  await expect.poll(() => isAlive(service)).toBe(false);
  expect(factFiles('orphan')).toEqual([]);
});

test('what is no order ends the service, and the cell is told what was wrong with it', async () => {
  const topic = await lab.topic('orders', { partitions: 1 });
  const group = lab.group('strict');
  await lab.service('strict-service', { group, topic, latency: 1 });
  const before = host.failures.length;
  await produce(topic, [{ value: JSON.stringify({ ...JSON.parse(event(0).value), quantity: 0 }) }]);
  await expect.poll(() => host.failures.length).toBe(before + 1);
  expect(host.failures[before]).toMatchObject({
    code: 'CONSUMER_CRASHED',
    message: expect.stringMatching(
      /strict-service ended by itself[\s\S]*not an order[\s\S]*quantity/,
    ),
  });
  expect(lab.ledger.records('failed', { group })).toHaveLength(1);
  expect(lab.ledger.members({ group }).at(-1)?.kind).toBe('crashed');
});

test('an interrupted start leaves no process behind', async () => {
  const topic = await lab.topic('orders', { partitions: 1 });
  const start = lab.service('hasty', { group: lab.group('hasty'), topic, latency: 1 });
  await expect.poll(() => factFiles('hasty')).toHaveLength(1);
  host.interrupt();
  await expect(start).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(factFiles('hasty')).toEqual([]);
});
