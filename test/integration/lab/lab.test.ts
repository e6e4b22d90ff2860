import { createRequire } from 'node:module';
import { setTimeout as work } from 'node:timers/promises';
import { type ConsumerConfig, Kafka, type LogEntry } from 'kafkajs';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { createTopic } from '../../../lib/src/admin/create-topic.ts';
import { type Lab, openLab, rangeAssigner } from '../../../lib/src/lab/index.ts';
import { runOf } from '../../../lib/src/lab/resources/names.ts';
import { sweep } from '../../../lib/src/lab/sweep.ts';
import {
  assignment,
  isDrained,
  ownership,
  positions,
  presentMembers,
  tally,
} from '../../../lib/src/ledger/index.ts';
import { waitUntil } from '../../support/command.ts';
import { describeAllGroups, describeGroup, endOffsets } from '../../support/kafka-tools.ts';
import { ownState, recordingHost } from '../../support/lab.ts';

ownState();
const host = recordingHost();
let lab: Lab;

beforeAll(async () => {
  lab = await openLab('test');
});
afterAll(() => lab.close());

function client(clientId: string): Kafka {
  return lab.watch(new Kafka({ clientId, ...lab.connection }));
}

async function produce(topic: string, count: number): Promise<void> {
  const producer = client('shop').producer();
  await producer.connect();
  const messages = Array.from({ length: count }, (_, n) => ({
    key: `customer-${n % 5}`,
    value: `order ${n}`,
  }));
  await producer.send({ topic, messages });
  await producer.disconnect();
}

type Settings = Partial<ConsumerConfig> & { handle?: () => Promise<void> };

async function join(clientId: string, groupId: string, topic: string, settings: Settings = {}) {
  const { handle = () => work(2), ...config } = settings;
  const consumer = client(clientId).consumer({ groupId, ...lab.quick, ...config });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({ eachMessage: handle });
  return consumer;
}

const brokers = () => lab.connection.brokers;

/** What kafkajs calls from here on, of the prototype in one of its files. */
function callsOf<Of, Args extends unknown[]>(file: string, method: string) {
  const { prototype } = createRequire(import.meta.url)(`kafkajs/src/${file}`);
  const spy = vi.spyOn(prototype, method);
  onTestFinished(() => spy.mockRestore());
  return spy.mock as unknown as { contexts: Of[]; calls: Args[] };
}

/** Fetches of kafkajs's consumers, the hidden ones too: of which group, and for how long they sleep with nothing to ask for. */
function fetches(): () => [group: string, sleeps: number][] {
  type Group = { groupId: string; maxWaitTime: number };
  const { contexts } = callsOf<Group, []>('consumer/consumerGroup', 'fetch');
  return () => contexts.map((of) => [of.groupId, of.maxWaitTime]);
}

/** Whether a client has sent such a request. */
function requests(): (client: string, api: string) => boolean {
  type Sent = [{ request: { apiName: string } }];
  const { contexts, calls } = callsOf<{ clientId: string }, Sent>('network/connection', 'send');
  return (client, api) =>
    calls.some(([{ request }], n) => contexts[n]?.clientId === client && request.apiName === api);
}

test('what the ledger says was produced is what the broker holds', async () => {
  const topic = await lab.topic('orders', { partitions: 3 });
  await produce(topic.name, 100);
  const produced = lab.ledger.records('produced', { topic: topic.name });
  const ends = await endOffsets(brokers(), topic.name);
  for (const partition of [0, 1, 2]) {
    const offsets = produced
      .filter((fact) => fact.partition === partition)
      .map(({ offset }) => offset);
    expect(offsets).toEqual([...Array(ends[partition]).keys()]);
  }
  expect(produced).toHaveLength(100);
  expect(produced[0]).toMatchObject({
    member: 'shop',
    key: expect.stringMatching(/^customer-\d$/),
  });
});

test.each([
  ['round robin', {}, { a: [0, 2], b: [1] }],
  ['range', { partitionAssigners: [rangeAssigner] }, { a: [0, 1], b: [2] }],
])(
  '%s: a clean rebalance, and Kafka’s own tool agrees on owners and offsets',
  async (name, settings, split) => {
    const topic = await lab.topic('orders', { partitions: 3 });
    const group = lab.group(name.replace(' ', '-'));
    await produce(topic.name, 200);
    const a = await join('a', group, topic.name, settings);
    await lab.untilStable(group, { members: 1 });
    expect(assignment(lab.ledger, group)).toEqual({ a: [0, 1, 2] });
    const b = await join('b', group, topic.name, settings);
    await lab.untilStable(group, { members: 2 });
    await produce(topic.name, 200);
    await lab.untilDrained(group, topic);

    expect(assignment(lab.ledger, group)).toEqual(split);
    const { produced, processed, repeated } = tally(lab.ledger, group, topic.name);
    expect({ produced, processed, repeated }).toEqual({
      produced: 400,
      processed: 400,
      repeated: [],
    });

    await expect.poll(() => committed(group, topic.name)).toBe(400);
    const rows = await describeGroup(brokers(), group);
    for (const [member, partitions] of Object.entries(split)) {
      const owned = rows.filter((row) => row.member === member).map(({ partition }) => partition);
      expect(owned).toEqual(partitions);
    }
    expect(rows.map(({ lag }) => lag)).toEqual([0, 0, 0]);
    expect(rows.map((row) => lastCommit(group, topic.name, row.partition))).toEqual(
      rows.map((row) => row.committed),
    );
    await Promise.all([a.disconnect(), b.disconnect()]);
    expect(presentMembers(lab.ledger, group)).toEqual([]);
  },
);

test('members of one rebalance have one generation, and the next has a higher one', async () => {
  const topic = await lab.topic('generations', { partitions: 2 });
  const group = lab.group('generations');
  const ofMember = (member: string) =>
    lab.ledger
      .members({ group, member })
      .filter(({ kind }) => kind === 'joined')
      .at(-1)?.generation;
  await join('a', group, topic.name);
  await waitUntil(() => ofMember('a') !== undefined, 'the first generation to be told');
  const first = ofMember('a') as number;
  await join('b', group, topic.name);
  await lab.untilStable(group, { members: 2 });
  const told = () => ofMember('a') !== undefined && ofMember('b') !== undefined;
  await waitUntil(told, 'the next generation to be told by both');
  expect(ofMember('a')).toBe(ofMember('b'));
  expect(ofMember('a')).toBeGreaterThan(first);
});

test('a partition never has two owners at once', () => {
  const spans = lab.ledger.members().map(({ group }) => group);
  for (const group of new Set(spans)) {
    const owned = ownership(lab.ledger, group);
    for (const one of owned) {
      const others = owned.filter(
        (other) => other !== one && other.partition === one.partition && other.topic === one.topic,
      );
      const overlaps = others.filter(
        ({ from, to = Infinity }) => from < (one.to ?? Infinity) && one.from < to,
      );
      expect(overlaps).toEqual([]);
    }
  }
});

test('watching a client id again sends its earlier consumer home', async () => {
  const topic = await lab.topic('again', { partitions: 2 });
  const group = lab.group('again');
  await join('same', group, topic.name);
  await join('same', group, topic.name);
  await lab.untilStable(group, { members: 1 });
  const rows = await describeGroup(brokers(), group);
  expect(new Set(rows.map(({ member }) => member)).size).toBeLessThanOrEqual(1);
  expect(assignment(lab.ledger, group)).toEqual({ same: [0, 1] });
});

test('a topic asked for again is a fresh one', async () => {
  const first = await lab.topic('twice', { partitions: 1 });
  const second = await lab.topic('twice', { partitions: 1 });
  expect(second.name).not.toBe(first.name);
});

test('a sweep takes what nobody holds, and asks once for what another has swept meanwhile', async () => {
  const warnings: LogEntry[] = [];
  const logCreator = () => (entry: LogEntry) => void warnings.push(entry);
  const kafka = new Kafka({ clientId: 'sweeper', ...lab.connection, logCreator });
  const name = 'orders.05-scaling.zz9';
  const admin = kafka.admin();
  await admin.connect();
  await createTopic((settings) => kafka.admin(settings), { topic: name });
  const mine = await lab.topic('kept');
  const listed = await admin.listTopics();
  const runs = new Set([mine.name.split('.').slice(-2).join('.')]);
  await sweep(kafka, async () => runs);
  const kept = listed.filter((topic) => topic !== name);
  await expect.poll(() => admin.listTopics()).toEqual(kept); // the broker hears of it a moment after the controller

  // The second of two: it has seen the list of before.
  warnings.length = 0;
  const late: Kafka['admin'] = (config) =>
    Object.assign(kafka.admin(config), { listTopics: async () => listed });
  await sweep(Object.assign(Object.create(kafka) as Kafka, { admin: late }), async () => runs);
  const vain = warnings.filter(({ log }) => log.message === 'Could not delete topics');
  expect(vain.map(({ log }) => log['retryCount'])).toEqual([0]);
  await admin.disconnect();
});

test('a sweep leaves the topics of a run that begins while it looks around', async () => {
  const kafka = new Kafka({ clientId: 'sweeper', ...lab.connection });
  const { name } = await lab.topic('begun');
  const live = new Set<string>();
  const listTopics = async () => {
    live.add(`${runOf(name)}`);
    return [name];
  };
  const meanwhile: Kafka['admin'] = (config) => Object.assign(kafka.admin(config), { listTopics });
  const sweeper = Object.assign(Object.create(kafka) as Kafka, { admin: meanwhile });
  await sweep(sweeper, async () => new Set(live));
  const admin = kafka.admin();
  await admin.connect();
  expect(await admin.listTopics()).toContain(name);
  await admin.disconnect();
});

test('a handler that throws fails the cell with its own error, at once', async () => {
  const topic = await lab.topic('bad', { partitions: 1 });
  await produce(topic.name, 1);
  const before = host.failures.length;
  const consumer = await join('thrower', lab.group('bad'), topic.name, {
    handle: () => Promise.reject(new Error('no ink left')),
  });
  await expect.poll(() => host.failures.length).toBeGreaterThan(before);
  expect(host.failures[before]).toMatchObject({ message: 'no ink left' });
  expect(lab.ledger.records('failed', { topic: topic.name })).not.toEqual([]);
  await consumer.disconnect();
});

test('a wait in vain says what it waited for and how far it came', async () => {
  const group = lab.group('nobody');
  await expect(lab.untilStable(group, { members: 2, timeout: 50 })).rejects.toMatchObject({
    code: 'TIMED_OUT',
    message: expect.stringContaining(`Waited 0.05 s for group ${group} to have 2 members`),
  });
  const wait = lab.untilStable(group, { members: 2 });
  host.interrupt();
  await expect(wait).rejects.toMatchObject({ code: 'INTERRUPTED' });
});

test('a batch counts record by record, as far as it was resolved', async () => {
  const topic = await lab.topic('batch', { partitions: 1 });
  const group = lab.group('batch');
  await produce(topic.name, 10);
  const consumer = client('batcher').consumer({ groupId: group, ...lab.quick });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic.name], fromBeginning: true });
  await consumer.run({
    eachBatchAutoResolve: false,
    eachBatch: async ({ resolveOffset }) => resolveOffset('6'),
  });
  await expect.poll(() => lab.ledger.records('processed', { group }).length).toBe(7);
  expect(lab.ledger.records('delivered', { group }).length).toBeGreaterThanOrEqual(10);
  await consumer.disconnect();
});

function committed(group: string, topic: string): number {
  return [0, 1, 2].reduce((sum, partition) => sum + lastCommit(group, topic, partition), 0);
}

function lastCommit(group: string, topic: string, partition: number): number {
  const commits = lab.ledger
    .commits({ group, topic })
    .filter((fact) => fact.partition === partition);
  return commits.at(-1)?.offset ?? 0;
}

test('the first write to a new partition is not repeated, however the partition was made', async () => {
  const partitions = 30; // of so many some are late on any machine
  const admin = client('admin').admin();
  await admin.connect();
  const byLab = await lab.topic('ready', { partitions });
  const first = await sendToEach(byLab.name, partitions);
  const byAdmin = `${byLab.name}-admin`;
  await admin.createTopics({ topics: [{ topic: byAdmin, numPartitions: partitions }] });
  const second = await sendToEach(byAdmin, partitions);
  const topicPartitions = [{ topic: byAdmin, count: 2 * partitions }];
  await admin.createPartitions({ topicPartitions });
  const third = await sendToEach(byAdmin, 2 * partitions);
  await admin.disconnect();
  expect({ first, second, third }).toEqual({ first: [], second: [], third: [] });
  const ends = [...Object.values(await endOffsets(brokers(), byAdmin))];
  expect(ends).toEqual([...Array(partitions).fill(2), ...Array(partitions).fill(1)]);
});

/** Sends a record to each partition by a client of its own. Returns what kafkajs logs: that it sends all of them again. */
async function sendToEach(topic: string, partitions: number): Promise<string[]> {
  const logged: string[] = [];
  const logCreator =
    () =>
    ({ log }: LogEntry) =>
      void logged.push(log.message);
  const producer = new Kafka({ clientId: 'first', ...lab.connection, logCreator }).producer();
  await producer.connect();
  const messages = Array.from({ length: partitions }, (_, partition) => ({ partition, value: '' }));
  await producer.send({ topic, messages });
  await producer.disconnect();
  return logged.filter((message) => /Failed to send/.test(message));
}

test('a topic that is not there is named, with how to create it', async () => {
  const told = /no topic 'ordres'.+ kafka-lab topic ordres --partitions 3/;
  const kafka = client('speller');
  const retry = { retries: 0 };
  const producer = kafka.producer({ retry });
  await producer.connect();
  const messages = [{ value: '' }];
  await expect(producer.send({ topic: 'ordres', messages })).rejects.toThrow(told);
  await expect(
    producer.sendBatch({ topicMessages: [{ topic: 'ordres', messages }] }),
  ).rejects.toMatchObject({
    code: 'BAD_INPUT',
    cause: { name: expect.stringMatching(/^KafkaJS/) },
  });
  const consumer = kafka.consumer({ groupId: lab.group('speller'), ...lab.quick, retry });
  await consumer.connect();
  await expect(consumer.subscribe({ topics: ['ordres'] })).rejects.toThrow(told);
  await Promise.all([producer.disconnect(), consumer.disconnect()]);
});

test('partitions that are added count: a group is stable once they are owned, too', async () => {
  const topic = await lab.topic('grows', { partitions: 2 });
  const group = lab.group('grows');
  await join('grower', group, topic.name, { metadataMaxAge: 500 });
  await lab.untilStable(group, { members: 1 });
  const admin = client('admin').admin();
  await admin.connect();
  await admin.createPartitions({ topicPartitions: [{ topic: topic.name, count: 4 }] });
  await admin.disconnect();
  await lab.untilStable(group, { members: 1 });
  expect(assignment(lab.ledger, group)).toEqual({ grower: [0, 1, 2, 3] });
  expect(Object.keys(await endOffsets(brokers(), topic.name))).toHaveLength(4);
});

test('offsets that an admin or a seek moves are in the ledger as Kafka’s own tool has them', async () => {
  const topic = await lab.topic('moved', { partitions: 2 });
  await produce(topic.name, 20);
  const names = ['set', 'to-end', 'resolved', 'reset', 'gone', 'sought', 'cut'];
  const [set, toEnd, resolved, reset, gone, sought, cut] = names.map((name) =>
    lab.group(`moved-${name}`),
  ) as [string, string, string, string, string, string, string];
  const readers = await Promise.all(
    [set, toEnd, resolved, reset, gone, sought].map(async (group) => {
      const reader = await join(`reader-${group}`, group, topic.name);
      await lab.untilCommitted(group, topic);
      return reader;
    }),
  );
  const seeker = readers.pop()!;
  await Promise.all(readers.map((reader) => reader.disconnect()));
  const admin = client('mover').admin();
  await admin.connect();
  const at = { topic: topic.name };
  const second = (offset: string) => [{ partition: 1, offset }];
  const fetched = fetches();
  await admin.fetchTopicOffsets(at.topic); // kafkajs cannot delete what it has not asked for
  await admin.deleteTopicRecords({ ...at, partitions: second('5') });
  await Promise.all([
    admin.setOffsets({ ...at, groupId: set, partitions: second('3') }),
    admin.setOffsets({ ...at, groupId: toEnd, partitions: second('-1') }),
    admin
      .setOffsets({ ...at, groupId: resolved, partitions: second('-2') })
      .then(() =>
        admin.fetchOffsets({ groupId: resolved, topics: [at.topic], resolveOffsets: true }),
      ),
    admin.resetOffsets({ ...at, groupId: reset, earliest: true }),
    admin.deleteGroups([gone]),
  ]);
  // By itself kafkajs moves a group's offsets with a consumer that sleeps for 5 s.
  for (const group of [set, toEnd, resolved, reset]) {
    const sleeps = fetched().flatMap(([of, ms]) => (of === group ? ms : []));
    expect(sleeps, group).not.toEqual([]);
    expect(Math.max(...sleeps), group).toBeLessThan(100);
  }
  seeker.pause([at]);
  seeker.seek({ ...at, partition: 1, offset: '6' });
  const found = (group: string) => positions(lab.ledger, group, topic.name);
  await waitUntil(() => found(sought)[1]?.committed === 6, 'the seek to be told');
  const all = await describeAllGroups(brokers(), 30_000);
  for (const group of [set, toEnd, resolved, reset, gone, sought]) {
    const rows = all.get(group) ?? [];
    for (const { partition, committed, lag } of found(group)) {
      const row = rows.find((one) => one.partition === partition);
      // The tool has no lag where nothing is committed.
      const meant = [row?.committed, row?.lag].map((n) => (Number.isNaN(n) ? undefined : n));
      const told = [committed, committed === undefined ? undefined : lag];
      expect.soft(told, `${group} ${partition}`).toEqual(meant);
    }
  }
  expect(found(set)[1]).toMatchObject({ committed: 3 });
  expect(found(gone)[1]).toMatchObject({ committed: undefined, start: 5 });
  expect(isDrained(lab.ledger, set, topic.name)).toBe(true);
  expect(isDrained(lab.ledger, cut, topic.name)).toBe(false);
  await seeker.disconnect();
  await admin.deleteTopics({ topics: [topic.name] });
  expect(found(set).map(({ lag }) => lag)).toEqual([0, 0]);
  await admin.disconnect();
}, 90_000); // kafkajs takes up to ten seconds to move an offset

test('records sent with acks 0 are in doubt until somebody reads them; then they are where the broker has them', async () => {
  const topic = await lab.topic('unanswered', { partitions: 2 });
  const producer = client('hasty').producer();
  await producer.connect();
  const messages = Array.from({ length: 10 }, (_, n) => ({ key: `k${n % 3}`, value: `${n}` }));
  await producer.send({ topic: topic.name, messages, acks: 0 });
  const told = () => tally(lab.ledger, lab.group('hasty'), topic.name);
  expect(told()).toMatchObject({ produced: 0, inDoubt: 10 });
  await join('reader', lab.group('hasty'), topic.name);
  await lab.untilProcessed(lab.group('hasty'), topic, { records: 10 });
  expect(told()).toMatchObject({ produced: 10, inDoubt: 0, missing: [] });
  const ends = await endOffsets(brokers(), topic.name);
  for (const { partition, end } of positions(lab.ledger, lab.group('hasty'), topic.name))
    expect(end).toBe(ends[partition]);
  const [first] = lab.ledger.records('produced', { topic: topic.name });
  expect(first).toMatchObject({ member: 'hasty', key: expect.stringMatching(/^k\d$/) });
  await producer.disconnect();
});

test('a consumer whose fetch waits long at the broker leaves at once, and in order', async () => {
  const topic = await lab.topic('long', { partitions: 1 });
  const group = lab.group('long');
  const hasSent = requests();
  const consumer = await join('long', group, topic.name, { maxWaitTimeInMs: 15_000 });
  const crashes: unknown[] = [];
  consumer.on(consumer.events.CRASH, (event) => void crashes.push(event));
  const answered: string[] = [];
  consumer.on(consumer.events.REQUEST, ({ payload }) => void answered.push(payload.apiName));
  await waitUntil(() => hasSent('long', 'Fetch'), 'it to fetch');
  await consumer.disconnect();
  expect(answered).not.toContain('Fetch');
  expect(crashes).toEqual([]);
  expect(presentMembers(lab.ledger, group)).toEqual([]);
  const rows = await describeGroup(brokers(), group);
  expect(rows.filter(({ member }) => member !== '-')).toEqual([]);
});

test('a lab that is closed says which cell to run first, whatever is asked of it; what happened is still there', async () => {
  const topic = await lab.topic('last');
  const group = lab.group('last');
  const kafka = client('last');
  const [producer, admin] = [kafka.producer(), kafka.admin()];
  await producer.connect();
  const consumer = await join('reader', group, topic.name);
  await lab.untilStable(group, { members: 1 });
  await lab.close();
  await lab.close();
  const options = { group, topic, latency: 1 };
  const asks: [string, () => unknown][] = [
    ['send', () => producer.send({ topic: topic.name, messages: [{ value: 'x' }] })],
    ['run', () => consumer.run({ eachMessage: async () => {} })],
    ['connect', () => consumer.connect()],
    ['admin', () => admin.connect()],
    ['watch', () => client('more')],
    ['topic', () => lab.topic('more')],
    ['queue', () => lab.queue('more')],
    ['service', () => lab.service('more', options)],
    ['stream', () => lab.steadily({ perSecond: 1, count: 1 }, () => {})],
    ['stable', () => lab.untilStable(group, { members: 1 })],
    ['drained', () => lab.untilDrained(group, topic)],
    ['processed', () => lab.untilProcessed(group, topic, { records: 1 })],
    ['committed', () => lab.untilCommitted(group, topic)],
    ['uncommitted', () => lab.untilUncommitted(group, topic, { records: 1 })],
    ['so', () => lab.until('it', () => false)],
    ['retention', () => lab.untilRetention()],
    ['restart', () => lab.restartBroker()],
    ['segments', () => lab.segments(topic)],
  ];
  for (const [name, ask] of asks) {
    const error = await Promise.resolve()
      .then(ask)
      .catch((reason: unknown) => reason);
    expect(error, name).toMatchObject({
      code: 'LAB_CLOSED',
      fix: expect.stringContaining("openLab('test')"),
    });
  }
  expect(lab.ledger.members({ group }).length).toBeGreaterThan(0);
  await producer.disconnect();
});
