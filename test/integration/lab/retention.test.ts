import { join } from 'node:path';
import { type Admin, Kafka, logLevel, type Message } from 'kafkajs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Lab, openLab, type Topic } from '../../../lib/src/lab/index.ts';
import { endOffsets, offsetsInFile, startOffsets } from '../../support/kafka-tools.ts';
import { ownState, recordingHost } from '../../support/lab.ts';

const state = ownState();
const host = recordingHost();
const LIMIT = 60_000;
const HOUR = 3_600_000;

let lab: Lab;
let admin: Admin;
let send: (topic: Topic, messages: Message[]) => Promise<unknown>;

const MiB = 1024 ** 2;

beforeAll(async () => {
  vi.stubEnv('KAFKA_LAB_RETENTION_BYTES', String(2 * MiB));
  lab = await openLab('retention', { ownBroker: true });
  const kafka = new Kafka({
    clientId: 'writer',
    ...lab.connection,
    logLevel: logLevel.NOTHING,
  });
  const producer = lab.watch(kafka).producer();
  await producer.connect();
  admin = kafka.admin();
  await admin.connect();
  send = ({ name: topic }, messages) => producer.send({ topic, messages });
}, LIMIT);
afterAll(async () => {
  await admin.disconnect();
  await lab.close();
});

const borders = async ({ name }: Topic) => {
  const { brokers } = lab.connection;
  return [(await startOffsets(brokers, name))[0], (await endOffsets(brokers, name))[0]];
};
const hoursAgo = (hours: number) => ({ value: 'x', timestamp: `${Date.now() - hours * HOUR}` });

test('a round of retention: what is too old as a whole is gone, by Kafka’s own tool', {
  timeout: LIMIT,
}, async () => {
  const config = { 'retention.ms': `${HOUR}` };
  const [old, mixed] = [await lab.topic('old', { config }), await lab.topic('mixed', { config })];
  for (let round = 0; round < 2; round++) {
    await send(old, [hoursAgo(3), hoursAgo(2)]);
    await send(mixed, [hoursAgo(3), hoursAgo(0)]);
    await lab.untilRetention();
    // At once: a moment later the next round would have come by itself.
    const [log] = await admin.fetchTopicOffsets(old.name);
    expect(log?.low).toBe(log?.high);
    expect(await borders(old)).toEqual([2 * (round + 1), 2 * (round + 1)]);
    expect(await borders(mixed)).toEqual([0, 2 * (round + 1)]);
    // The ledger is told, though nobody reads.
    const starts = [old, mixed].map(({ name }) => lab.ledger.log(name).get(0)?.start);
    expect(starts).toEqual([2 * (round + 1), 0]);
  }
});

test('a loop that somebody forgot fills no disk: a topic without settings keeps what the lab’s bound says', {
  timeout: LIMIT,
}, async () => {
  const loop = await lab.topic('loop');
  const third = { value: 'x'.repeat(MiB / 3) };
  for (let n = 0; n < 24; n++) await send(loop, [third]);
  await lab.untilRetention();
  const [start, end] = await borders(loop);
  expect(end).toBe(24);
  expect(start).toBeGreaterThan(0);
  const kept = lab.segments(loop).filter(({ state }) => state !== 'deleted');
  expect(kept.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(4 * MiB);
});

test('a round that comes in vain says how far it came, and leaves no client behind', {
  timeout: LIMIT,
}, async () => {
  await expect(lab.untilRetention({ timeout: 1 })).rejects.toMatchObject({
    code: 'TIMED_OUT',
    message: expect.stringMatching(/check its logs.*\d of 3 witnesses gone/),
  });
  expect(host.failures).toEqual([]);
});

test('segments are what lies on disk, and what retention has deleted of it', {
  timeout: LIMIT,
}, async () => {
  const mebibyte = 1_048_576;
  const config = { 'segment.bytes': `${mebibyte}`, 'retention.bytes': `${2 * mebibyte}` };
  const topic = await lab.topic('sized', { config });
  expect(lab.segments(topic)).toEqual([
    { partition: 0, from: 0, to: 0, bytes: 0, state: 'active' },
  ]);
  const value = Buffer.alloc(10_000);
  for (let n = 0; n < 50; n++) {
    await send(
      topic,
      Array.from({ length: 10 }, () => ({ value })),
    );
    lab.segments(topic);
  }
  await lab.untilRetention();

  const all = lab.segments(topic);
  const [start, end] = await borders(topic);
  const kept = all.filter((segment) => segment.state !== 'deleted');
  expect(all[0]).toMatchObject({ from: 0, state: 'deleted' });
  expect(start).toBeGreaterThan(0);
  expect(kept[0]?.from).toBe(start);
  expect(all.map(({ to }) => to)).toEqual([...all.slice(1).map(({ from }) => from), end]);
  expect(all.map(({ state: is }) => is)).toEqual([
    ...all.slice(kept.length).map(() => 'deleted'),
    ...kept.slice(1).map(() => 'closed'),
    'active',
  ]);
  const bytes = kept.reduce((sum, segment) => sum + segment.bytes, 0);
  expect(bytes).toBeGreaterThanOrEqual(2 * mebibyte);
  expect(bytes).toBeLessThan(3 * mebibyte);

  const { run } = lab;
  const folder = join(state, 'own', run, 'data', 'kafka', 'log', `${topic.name}-0`);
  for (const { from, to } of kept) {
    const file = join(folder, `${String(from).padStart(20, '0')}.log`);
    expect(await offsetsInFile(file)).toEqual({ first: from, last: to - 1 });
  }
});

test('the files of a shared broker are its own', { timeout: LIMIT }, async () => {
  const topic = await lab.topic('mine');
  const shared = await openLab('shared');
  expect(() => shared.segments(topic)).toThrow("openLab('shared', { ownBroker: true })");
});
