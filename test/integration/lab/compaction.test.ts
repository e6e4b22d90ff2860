import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lab, openLab, type Topic } from '../../../lib/src/lab/index.ts';
import { versions } from '../../../lib/src/ledger/index.ts';
import { waitUntil } from '../../support/command.ts';
import { recordsInFile } from '../../support/kafka-tools.ts';
import { ownState, recordingHost } from '../../support/lab.ts';

const state = ownState();
recordingHost();
const LIMIT = 60_000;

const config = {
  'cleanup.policy': 'compact',
  'segment.ms': '100',
  'min.cleanable.dirty.ratio': '0.01',
  'delete.retention.ms': '100',
};

let lab: Lab;
let write: (topic: Topic, key: string, value: string | null) => Promise<unknown>;

beforeAll(async () => {
  lab = await openLab('compaction', { ownBroker: true });
  const kafka = new Kafka({ clientId: 'writer', ...lab.connection, logLevel: logLevel.NOTHING });
  const producer = lab.watch(kafka).producer();
  await producer.connect();
  write = ({ name: topic }, key, value) => producer.send({ topic, messages: [{ key, value }] });
}, LIMIT);
afterAll(() => lab.close());

const profiles = async (partitions: number) => {
  const topic = await lab.topic('profiles', { partitions, config });
  for (const [key, value] of [
    ...[['ann', '1'] as const, ['bob', '2'] as const, ['cem', '3'] as const],
    ...[['ann', '4'] as const, ['cem', null] as const, ['dora', '6'] as const],
  ])
    await write(topic, key, value);
  return topic;
};

/** The offset up to which Kafka has cleaned partition 0, by its own checkpoint. */
function cleanedUpTo(data: string, { name }: Topic): number {
  const lines = readFileSync(join(data, 'cleaner-offset-checkpoint'), 'utf8').split('\n');
  return Number(lines.find((line) => line.startsWith(`${name} 0 `))?.split(' ')[2]);
}

test('what is obsolete is gone when the wait ends, tombstones too, by Kafka’s own tool', {
  timeout: LIMIT,
}, async () => {
  const topic = await profiles(1);
  const stream = lab.steadily({ perSecond: 6, count: 600 }, (n) => write(topic, 'eve', `${n}`));
  await lab.untilCompacted(topic, { tombstones: true });
  await stream.stop();
  const data = join(state, 'own', lab.run, 'data', 'kafka', 'log');
  const folder = join(data, `${topic.name}-0`);
  const segments = () => readdirSync(folder).filter((file) => file.endsWith('.log'));
  // What is being cleaned loses its files meanwhile.
  const activeFrom = () => Number.parseInt(segments().sort().at(-1) ?? '', 10);
  await waitUntil(() => cleanedUpTo(data, topic) === activeFrom(), 'the cleaner to be done', LIMIT);
  const files = segments();
  const inFiles = await Promise.all(files.map((file) => recordsInFile(join(folder, file))));
  const onDisk = inFiles.flat().sort((a, b) => a - b);
  expect(onDisk.filter((offset) => offset < 6)).toEqual([1, 3, 5]);
  const left = versions(lab.ledger, topic.name).filter(({ isLeft }) => isLeft);
  // The cleaner has gone on after the log was read.
  expect(left.map(({ offset }) => offset)).toEqual(expect.arrayContaining(onDisk));
});

test('a topic to which nobody writes is not compacted, and the wait says so', {
  timeout: LIMIT,
}, async () => {
  const topic = await lab.topic('quiet', { config });
  await Promise.all(['1', '2', '3'].map((value) => write(topic, 'ann', value)));
  await expect(lab.untilCompacted(topic, { timeout: 3000 })).rejects.toMatchObject({
    code: 'TIMED_OUT',
    message: expect.stringMatching(/2 of 2 such records left, and 0 written meanwhile/),
  });
  expect(versions(lab.ledger, topic.name).filter(({ isLeft }) => isLeft)).toHaveLength(3);
});

test('of several partitions each is compacted; where nothing is obsolete, nothing is waited for', {
  timeout: LIMIT,
}, async () => {
  const topic = await profiles(3);
  const stream = lab.steadily({ perSecond: 6, count: 600 }, (n) =>
    Promise.all(['eve', 'fay', 'gus', 'hal', 'ida', 'jo'].map((key) => write(topic, key, `${n}`))),
  );
  await lab.untilCompacted(topic, { tombstones: true });
  await stream.stop();
  const left = versions(lab.ledger, topic.name).filter(({ isLeft, key }) => isLeft && key);
  const profilesLeft = left.filter(({ key }) => ['ann', 'bob', 'cem', 'dora'].includes(key ?? ''));
  expect(profilesLeft.map(({ key }) => key)).toEqual(['bob', 'ann', 'dora']);
  const fresh = await lab.topic('fresh', { config });
  await write(fresh, 'ann', '1');
  await lab.untilCompacted(fresh, { timeout: 2000 });
});

test('a consumer gets past batches that compaction has emptied, where an answer has no others', {
  timeout: LIMIT,
}, async () => {
  const topic = await lab.topic('steps', { config });
  const kafka = lab.watch(new Kafka({ clientId: 'steps', ...lab.connection }));
  // Of each of these Kafka keeps the last batch, without its record.
  for (const value of ['1', '2', '3', '4', '5', '6']) {
    const producer = kafka.producer({ idempotent: true });
    await producer.connect();
    await producer.send({ topic: topic.name, messages: [{ key: 'ann', value }] });
    await producer.disconnect();
  }
  const stream = lab.steadily({ perSecond: 6, count: 600 }, (n) => write(topic, 'eve', `${n}`));
  await lab.untilCompacted(topic);
  await stream.stop();

  const group = lab.group('narrow');
  const consumer = kafka.consumer({ groupId: group, ...lab.quick, maxBytesPerPartition: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic.name], fromBeginning: true });
  await consumer.run({ eachMessage: async () => {} });
  await lab.untilDrained(group, topic, { timeout: 10_000 });
  const delivered = lab.ledger.records('delivered', { group });
  expect(delivered[0]).toMatchObject({ key: 'ann', offset: 5 });
  await consumer.disconnect();
});
