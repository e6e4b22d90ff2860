import {
  Consumer,
  type ConsumerOptions,
  type GenericError,
  stringDeserializers,
} from '@platformatic/kafka';
import { Kafka } from 'kafkajs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Lab, openLab, type Topic } from '../../../lib/src/lab/index.ts';
import { assignment, gaps, ownership, positions, tally } from '../../../lib/src/ledger/index.ts';
import { describeGroup, describeMembers } from '../../support/kafka-tools.ts';
import { ownState, recordingHost } from '../../support/lab.ts';

ownState();
const host = recordingHost();
let lab: Lab;

beforeAll(async () => {
  lab = await openLab('test');
});
afterEach(() => expect(host.failures).toEqual([]));
afterAll(() => lab.close());

const brokers = () => lab.connection.brokers;

async function produce(topic: Topic, count: number): Promise<void> {
  const kafka = lab.watch(new Kafka({ clientId: 'shop', ...lab.connection }));
  const producer = kafka.producer();
  await producer.connect();
  const messages = Array.from({ length: count }, (_, n) => ({ value: `${n}` }));
  await producer.send({ topic: topic.name, messages });
  await producer.disconnect();
}

type Options = ConsumerOptions<string, string, string, string>;
const NEW = { groupProtocol: 'consumer' } as const;

async function join(
  clientId: string,
  topic: Topic,
  options: Partial<Options> & { groupId: string },
) {
  const settings = { bootstrapBrokers: brokers(), autocommit: false, maxWaitTime: 100 };
  const deserializers = stringDeserializers;
  const all = { clientId, ...settings, deserializers, ...options } as Options;
  const consumer = lab.watch(new Consumer(all));
  const from = { mode: 'committed', fallbackMode: 'earliest' } as const;
  const stream = await consumer.consume({ topics: [topic.name], ...from });
  const read = async () => {
    for await (const message of stream) await Promise.resolve(message.commit()).catch(inBetween);
  };
  return { consumer, done: read() };
}

/** While partitions move, the broker refuses a commit of the epoch before: the next one of the partition tells as much. */
function inBetween(error: GenericError): void {
  if (!error.findBy('apiId', 'STALE_MEMBER_EPOCH')) throw error;
}

/** What Kafka's own tool says of a group, as the ledger would. */
async function expectSeenByKafka(group: string, topic: Topic, type: string): Promise<void> {
  const owners = assignment(lab.ledger, group, topic.name);
  const seen = Object.entries(owners).map(([name, owned]) => [name, { [topic.name]: owned }]);
  const members = Object.fromEntries(seen);
  expect(await describeMembers(brokers(), group)).toEqual({ type, members });
  const ours = positions(lab.ledger, group, topic.name).map((position) => {
    const { partition, committed, end, lag } = position;
    return { partition, committed, end, lag };
  });
  expect(await describeGroup(brokers(), group)).toMatchObject(ours);
}

const sizes = (group: string) => Object.values(assignment(lab.ledger, group)).map((p) => p.length);

test('the new protocol: owners, bookmarks and ends are those that Kafka’s own tool sees', async () => {
  const topic = await lab.topic('orders', { partitions: 6 });
  const groupId = lab.group('shipping');
  await produce(topic, 60);
  const a = await join('a', topic, { groupId, ...NEW });
  await lab.untilStable(groupId, { members: 1 });
  const b = await join('b', topic, { groupId, ...NEW });
  await lab.untilStable(groupId, { members: 2 });
  await produce(topic, 60);
  await lab.untilCommitted(groupId, topic);
  expect(sizes(groupId)).toEqual([3, 3]);
  await expectSeenByKafka(groupId, topic, 'Consumer');
  expect(tally(lab.ledger, groupId, topic.name)).toMatchObject({ processed: 120, missing: [] });
  // What stayed with a had an owner all the time.
  const moved = gaps(ownership(lab.ledger, groupId)).map(({ partition }) => partition);
  expect(moved.sort()).toEqual(assignment(lab.ledger, groupId)['b']);
  await a.consumer.close(true);
  await lab.untilStable(groupId, { members: 1 });
  expect(assignment(lab.ledger, groupId)).toEqual({ b: [0, 1, 2, 3, 4, 5] });
  await b.consumer.close(true);
  expect(assignment(lab.ledger, groupId)).toEqual({});
  await Promise.all([a.done, b.done]);
});

test('the classic protocol: the same', async () => {
  const topic = await lab.topic('orders', { partitions: 4 });
  const groupId = lab.group('classic');
  const classic = { groupId, sessionTimeout: 6000, heartbeatInterval: 250, rebalanceTimeout: 6000 };
  const a = await join('a', topic, classic);
  const b = await join('b', topic, classic);
  await lab.untilStable(groupId, { members: 2 });
  await produce(topic, 40);
  await lab.untilCommitted(groupId, topic);
  expect(sizes(groupId)).toEqual([2, 2]);
  await expectSeenByKafka(groupId, topic, 'Classic');
  const joined = lab.ledger.members({ group: groupId }).filter(({ kind }) => kind === 'joined');
  expect(joined.map(({ generation }) => generation)).toEqual([1, 2, 2]);
  await Promise.all([a.consumer.close(true), b.consumer.close(true)]);
  expect(assignment(lab.ledger, groupId)).toEqual({});
  await Promise.all([a.done, b.done]);
});

test('a cell that is run again, and a lab that is closed, end the consumer and its loop', async () => {
  const topic = await lab.topic('orders', { partitions: 2 });
  const groupId = lab.group('again');
  const first = await join('a', topic, { groupId, ...NEW });
  await lab.untilStable(groupId, { members: 1 });
  const second = await join('a', topic, { groupId, ...NEW });
  await first.done;
  await lab.untilStable(groupId, { members: 1 });
  expect((await describeMembers(brokers(), groupId)).members).toEqual({
    a: { [topic.name]: [0, 1] },
  });
  await lab.close();
  await second.done;
  await expect(second.consumer.consume({ topics: [topic.name] })).rejects.toThrow(/closed/);
  lab = await openLab('test');
});

test('a static member that is killed and comes back gets what it had, and the others notice nothing', async () => {
  const topic = await lab.topic('parcels', { partitions: 4 });
  const group = lab.group('static');
  const start = (name: string) =>
    lab.service(name, { group, topic, latency: 0, groupInstanceId: name });
  const [a] = await Promise.all([start('static-a'), start('static-b')]);
  await lab.untilStable(group, { members: 2 });
  const before = assignment(lab.ledger, group);
  const changes = () => lab.ledger.members({ group, member: 'static-b' }).length;
  const seen = changes();
  await a.crash();
  const again = await start('static-a');
  await lab.untilStable(group, { members: 2 });
  expect(assignment(lab.ledger, group)).toEqual(before);
  expect(changes()).toBe(seen);
  const seenByKafka = (await describeMembers(brokers(), group)).members;
  const owners = Object.entries(before).map(([name, owned]) => [name, { [topic.name]: owned }]);
  expect(seenByKafka).toEqual(Object.fromEntries(owners));
  await again.stop();
  await lab.untilStable(group, { members: 1 });
  expect(assignment(lab.ledger, group)).toEqual({ 'static-b': [0, 1, 2, 3] });
});
