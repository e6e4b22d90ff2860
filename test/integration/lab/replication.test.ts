import { join } from 'node:path';
import { Kafka, logLevel, type ProducerConfig } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lab, openLab } from '../../../lib/src/lab/index.ts';
import { until } from '../../support/broker.ts';
import { standStill } from '../../support/cluster.ts';
import { describeTopic, endOffsets, valuesInFile } from '../../support/kafka-tools.ts';
import { ownState, recordingHost } from '../../support/lab.ts';

const state = ownState();
const host = recordingHost();
const LIMIT = 120_000;
const ALL = [1, 2, 3];

let lab: Lab;
beforeAll(async () => {
  lab = await openLab('witness', { brokers: 3 });
}, LIMIT);
afterAll(async () => {
  await lab.close();
  expect(host.failures).toEqual([]);
}, LIMIT);

type Topic = Awaited<ReturnType<typeof newTopic>>;

async function newTopic(name: string) {
  await Promise.all(ALL.map((id) => lab.broker(id).start()));
  const topic = await lab.topic(name, { replicas: 3, config: { 'min.insync.replicas': '2' } });
  await lab.untilInSync(topic, 3);
  return topic;
}

async function producerOf(config: ProducerConfig) {
  const kafka = new Kafka({ clientId: 'w', ...lab.connection, logLevel: logLevel.NOTHING });
  const producer = lab.watch(kafka).producer(config);
  await producer.connect();
  return producer;
}

/** What `kafka-dump-log` finds on the disk of a broker, whether that runs or not. */
function onDisk(broker: number, { name }: Topic): Promise<string[]> {
  const node = join(state, 'own', lab.run, 'data', 'cluster', String(broker), 'log');
  return valuesInFile(join(node, `${name}-0`, `${'0'.repeat(20)}.log`));
}

const sorted = (ids: readonly number[]) => ids.toSorted((a, b) => a - b);
const orders = (count: number) => Array.from({ length: count }, (_, n) => `order ${n}`);
const producedTo = ({ name: topic }: Topic) =>
  lab.ledger.records('produced', { topic }).map(({ offset }) => offset);

/** What `kafka-topics` and `kafka-get-offsets` say; the lab says the same of leader and replicas. */
async function told(topic: Topic) {
  const { brokers } = lab.connection;
  const [[row], ends] = await Promise.all([
    describeTopic(brokers, topic.name),
    endOffsets(brokers, topic.name),
  ]);
  const [known] = await lab.replicas(topic);
  const { leader, isr = [], elr } = row!;
  expect([known.leader, sorted(known.inSync)]).toEqual([leader, sorted(isr)]);
  return { leader: leader!, inSync: sorted(isr), eligible: elr, end: ends[0] };
}

test('the leader dies, then the minimum is missed: each acknowledged order is in the log once, and so is what timed out', {
  timeout: LIMIT,
}, async () => {
  const topic = await newTopic('orders');
  const patient = { retries: 100, initialRetryTime: 50, maxRetryTime: 200 };
  const producer = await producerOf({ idempotent: true, retry: patient });
  const { leader: first } = await told(topic);
  for (const [n, value] of orders(20).entries()) {
    if (n === 10) await lab.broker(first).kill();
    await producer.send({ topic: topic.name, messages: [{ value }] });
  }
  const { leader: alone, inSync, end } = await told(topic);
  expect([inSync, end]).toEqual([ALL.filter((id) => id !== first), 20]);
  expect(producedTo(topic)).toEqual([...Array(20).keys()]);
  expect(await onDisk(alone, topic)).toEqual(orders(20));

  const second = inSync.find((id) => id !== alone)!;
  const hasty = await producerOf({ retry: { retries: 0 } });
  // So that it knows the leader: its first late order is sent before the death is noticed.
  await hasty.send({ topic: topic.name, messages: [{ value: 'early' }] });
  const early = [...orders(20), 'early'];
  const answers: string[] = [];
  const isRefused = async () => {
    const sent = hasty.send({ topic: topic.name, timeout: 1000, messages: [{ value: 'late' }] });
    answers.push(await sent.then(String, ({ cause }) => cause.type));
    return answers.at(-1) === 'NOT_ENOUGH_REPLICAS';
  };
  await lab.broker(second).kill();
  await until(isRefused, 'the leader to refuse', 20_000);
  const late = answers.slice(0, -1).map(() => 'late');
  expect(answers.slice(0, -1)).toEqual(late.map(() => 'REQUEST_TIMED_OUT'));
  expect(late).not.toEqual([]);
  await lab.untilInSync(topic, 1);
  expect(await told(topic)).toEqual({
    leader: alone,
    inSync: [alone],
    eligible: [second],
    end: 21,
  });
  expect(await onDisk(alone, topic)).toEqual([...early, ...late]); // though nobody can read them yet

  await Promise.all(ALL.map((id) => lab.broker(id).start()));
  await lab.untilInSync(topic, 3);
  expect((await told(topic)).end).toBe(21 + late.length);
  for (const id of ALL) expect(await onDisk(id, topic)).toEqual([...early, ...late]);
  await Promise.all([producer.disconnect(), hasty.disconnect()]);
});

test('acknowledged with acks 1 and lost: they are on the disk of the old leader alone, until it is back', {
  timeout: LIMIT,
}, async () => {
  const topic = await newTopic('risky');
  const producer = await producerOf({ retry: { retries: 0 } });
  const send = (acks: number, value: string) =>
    producer.send({ topic: topic.name, acks, messages: [{ value }] });
  for (const value of ['a', 'b', 'c']) await send(-1, value);
  const { leader, inSync, end } = await told(topic);
  expect([inSync, end]).toEqual([ALL, 3]);
  const followers = ALL.filter((id) => id !== leader);
  await Promise.all(followers.map((id) => standStill(lab, id, leader)));
  for (const value of ['d', 'e']) await send(1, value);
  await lab.broker(leader).kill();
  for (const id of followers) await lab.broker(id).resume();
  await lab.untilLed(topic);

  expect(await onDisk(leader, topic)).toEqual(['a', 'b', 'c', 'd', 'e']);
  for (const id of followers) expect(await onDisk(id, topic)).toEqual(['a', 'b', 'c']);
  const lost = await lab.lostRecords(topic);
  expect(lost.map(({ offset, value }) => [offset, value])).toEqual([
    [3, 'd'],
    [4, 'e'],
  ]);
  const after = await told(topic);
  expect(after).toMatchObject({ inSync: followers, end: 4 }); // three, and one of the lab's
  await lab.broker(leader).start();
  await lab.untilInSync(topic, 3);
  expect(await onDisk(leader, topic)).toEqual(await onDisk(after.leader, topic));
  await producer.disconnect();
});
