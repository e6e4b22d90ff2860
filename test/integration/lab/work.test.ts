import { setTimeout as sleep } from 'node:timers/promises';
import { type Channel, type ChannelModel, type ConsumeMessage, connect } from 'amqplib';
import { Kafka } from 'kafkajs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { deliveries } from '../../../lib/src/charts/work/deliveries.ts';
import { workers } from '../../../lib/src/charts/work/workers.ts';
import { type Lab, openLab, type Queue, type Topic } from '../../../lib/src/lab/index.ts';
import { busyAtOnce, type Job, type WorkScope, workOf } from '../../../lib/src/ledger/index.ts';
import { setGroupConfigs, shareConsumer } from '../../../lib/src/share-groups/index.ts';
import { until } from '../../support/broker.ts';
import { describeGroup, describeMembers, shareGroupOffsets } from '../../support/kafka-tools.ts';
import { ownState, recordingHost } from '../../support/lab.ts';

delete process.env['AMQP_URL']; // of whoever runs this
ownState();
const host = recordingHost();
const WORKERS = ['ann', 'bob', 'cem', 'dora'];
const LOCK_MS = 4000;
const connections: ChannelModel[] = [];
let lab: Lab;

beforeAll(async () => {
  lab = await openLab('work');
});
afterEach(() => expect(host.failures.splice(0)).toEqual([]));
afterAll(async () => {
  for (const connection of connections) await connection.close().catch(() => {});
  await lab.close();
});

const client = (clientId: string) => new Kafka({ clientId, ...lab.connection });

async function topicOf(name: string, values: string[]): Promise<{ topic: Topic; group: string }> {
  const topic = await lab.topic(name, { partitions: 1 });
  const producer = lab.watch(client('shop')).producer();
  await producer.connect();
  await producer.send({ topic: topic.name, messages: values.map((value) => ({ value })) });
  await producer.disconnect();
  return { topic, group: lab.group(name) };
}

/** How the deliveries of each job ended, in order. */
function endsOf(jobs: readonly Job[]): Record<string, unknown[]> {
  const ends: Record<string, unknown[]> = {};
  for (const { name, end } of jobs) (ends[name] ??= []).push(end);
  return ends;
}

const work = (of: WorkScope) => workOf(lab.ledger, of);
const isOver = (of: WorkScope, deliveries: number) => () =>
  work(of).jobs.filter(({ end }) => end !== undefined).length === deliveries;

type Handler = (message: ConsumeMessage, channel: Channel) => unknown;

/** A consumer with prefetch 1. Closing its connection without more is how it dies. */
async function consume(queue: Queue, consumerTag: string, handle: Handler): Promise<ChannelModel> {
  const connection = await connect(queue.url);
  connections.push(connection);
  const channel = lab.watch(await connection.createChannel());
  await channel.prefetch(1);
  const take = (message: ConsumeMessage | null) => message && handle(message, channel);
  await channel.consume(queue.name, take, { consumerTag });
  return connection;
}

async function send(queue: Queue, jobs: string[]): Promise<void> {
  const connection = await connect(queue.url);
  const channel = await connection.createConfirmChannel();
  for (const job of jobs) channel.sendToQueue(queue.name, Buffer.from(job));
  await channel.waitForConfirms();
  await connection.close();
}

test('an AMQP queue: who had which message, and what became of it, as its broker counts', async () => {
  const queue = await lab.queue('jobs');
  const seen: string[] = [];
  const dying: string[] = [];
  const handle = async (message: ConsumeMessage, channel: Channel) => {
    const { redelivered, consumerTag } = message.fields;
    const job = message.content.toString();
    seen.push(`${job}${redelivered ? ' again' : ''}`);
    await sleep(100);
    if (job === 'shy' && !redelivered) return channel.nack(message);
    if (job === 'lost' && !redelivered) return dying.push(consumerTag);
    channel.ack(message);
  };
  const members = new Map<string, ChannelModel>();
  for (const tag of WORKERS) members.set(tag, await consume(queue, tag, handle));
  await send(queue, ['one', 'two', 'shy', 'four', 'lost']);
  const of = { queue: queue.name };
  await lab.until('five ends', isOver(of, 5));
  // It is held, and not acknowledged.
  await until(async () => (await queue.messages()) === 1, 'the broker to have one left', 10_000);
  await members.get(dying[0] as string)?.close();
  await lab.until('all to be done', isOver(of, 7));
  await until(async () => (await queue.messages()) === 0, 'the broker to have none left', 10_000);
  const { kind, jobs, present } = work(of);
  expect(kind).toBe('queue');
  expect(endsOf(jobs)).toEqual({
    ...{ one: ['acknowledged'], two: ['acknowledged'], four: ['acknowledged'] },
    ...{ shy: ['requeued', 'acknowledged'], lost: ['requeued', 'acknowledged'] },
  });
  const told = jobs.map(({ name, count }) => `${name}${count === 1 ? '' : ' again'}`);
  expect(told).toEqual(seen);
  expect(present.map(({ worker }) => worker)).toEqual(WORKERS);
  expect(present.filter(({ to }) => to !== undefined).map(({ worker }) => worker)).toEqual(dying);
  expect(workers(lab.ledger, of).text).toContain('7 deliveries');
});

test('a consumer group: one member does all jobs of one partition in turn, three own nothing', async () => {
  const jobs = ['one', 'two', 'shy', 'bad'];
  const { topic, group } = await topicOf('turns', jobs);
  lab.expectError(group, 'too shy');
  let attempts = 0;
  const eachMessage = async ({ message }: { message: { value: Buffer | null } }) => {
    await sleep(100);
    if (String(message.value) === 'shy' && ++attempts < 3) throw new Error('too shy');
  };
  const retry = { initialRetryTime: 100, multiplier: 1, factor: 0, retries: 10 };
  for (const name of WORKERS) {
    const consumer = lab.watch(client(name)).consumer({ groupId: group, ...lab.quick, retry });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic.name], fromBeginning: true });
    await consumer.run({ eachMessage });
  }
  await lab.untilStable(group, { members: 4 });
  await lab.untilCommitted(group, topic);
  const of = { topic: topic.name, group };
  const { kind, jobs: done, idle } = work(of);
  expect(kind).toBe('consumer group');
  const last = done.filter(({ name, end }) => end === 'processed' || name === 'shy');
  expect(endsOf(last)['shy']?.slice(-3)).toEqual(['failed', 'failed', 'processed']);
  expect(Object.keys(endsOf(last))).toEqual(jobs);
  expect(busyAtOnce(done)).toBe(1);
  const { members } = await describeMembers(lab.connection.brokers, group);
  const without = Object.entries(members).filter(([, own]) => Object.keys(own).length === 0);
  const present = idle.filter(({ to }) => to === undefined).map(({ worker }) => worker);
  expect(present.sort()).toEqual(without.map(([name]) => name).sort());
  expect(present).toHaveLength(3);
  const [row] = await describeGroup(lab.connection.brokers, group);
  expect(row).toMatchObject({ committed: 4, lag: 0 });
  expect(workers(lab.ledger, of).text).toContain('3 workers own no partition.');
});

test('a share group: four at work at once; a record that is never accepted comes five times, and no more', async () => {
  const { topic, group } = await topicOf('shared', ['one', 'two', 'shy', 'bad', 'lost', 'never']);
  await setGroupConfigs(client('admin'), group, {
    'share.auto.offset.reset': 'earliest',
    'share.record.lock.duration.ms': String(LOCK_MS),
  });
  lab.expectError(group, 'too shy');
  const counts: Record<string, number[]> = {};
  for (const clientId of WORKERS) {
    const options = { groupId: group, maxRecords: 1, acquireMode: 'record-limit' } as const;
    const consumer = lab.watch(shareConsumer(client(clientId), options));
    await consumer.connect();
    await consumer.subscribe({ topics: [topic.name] });
    await consumer.run({
      eachMessage: async ({ message, deliveryCount, acknowledge }) => {
        const job = String(message.value);
        (counts[job] ??= []).push(deliveryCount);
        await sleep(job === 'lost' && deliveryCount === 1 ? LOCK_MS * 1.5 : 100);
        if (job === 'bad') await acknowledge('reject');
        if (job === 'never') await acknowledge('release');
        if (job === 'shy' && deliveryCount < 3) throw new Error('too shy');
      },
    });
  }
  const of = { topic: topic.name, group };
  const lag = async () => (await shareGroupOffsets(lab.connection.brokers, group))[0]?.lag;
  await lab.until('all deliveries to be over', isOver(of, 13));
  await until(async () => (await lag()) === 0, 'nothing to be left', 20_000);
  const { kind, jobs } = work(of);
  expect(kind).toBe('share group');
  expect(endsOf(jobs)).toEqual({
    ...{ one: ['accepted'], two: ['accepted'], bad: ['rejected'] },
    shy: ['released', 'released', 'accepted'],
    lost: ['lock expired', 'accepted'],
    never: Array.from({ length: 5 }, () => 'released'),
  });
  for (const [job, own] of Object.entries(counts))
    expect(jobs.filter(({ name }) => name === job).map(({ count }) => count)).toEqual(own);
  expect(busyAtOnce(jobs)).toBeGreaterThan(1);
  expect(deliveries(lab.ledger, of).text).toContain('never 5 times (never accepted)');
});
