import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { leaseBroker, leaseCluster } from '../../../lib/src/broker/index.ts';
import { replicas } from '../../../lib/src/charts/replicas/replicas.ts';
import { type Lab, openLab } from '../../../lib/src/lab/index.ts';
import { brokerOf, type Owner } from '../../../lib/src/lab/replication/brokers.ts';
import { leaderless } from '../../../lib/src/ledger/index.ts';
import { standsStill } from '../../../lib/src/processes/processes.ts';
import { kafkasOn, until } from '../../support/broker.ts';
import { processOf, standStill } from '../../support/cluster.ts';
import { describeTopic, endOffsets } from '../../support/kafka-tools.ts';
import { ownState, recordingHost } from '../../support/lab.ts';

const state = ownState();
const host = recordingHost();
const LIMIT = { timeout: 120_000 };

let lab: Lab;
beforeAll(async () => {
  lab = await openLab('cluster', { brokers: 3 });
}, LIMIT.timeout);
afterAll(async () => {
  await lab.close();
  expect(readdirSync(join(state, 'own'))).toEqual([]);
  expect(kafkasOn(state)).toEqual([]);
}, LIMIT.timeout);

const brokers = () => lab.connection.brokers;
const ownerOf = (lease: Owner['lease']): Owner => ({
  ...{ lease, notebook: 'mine', begins: () => {}, record: () => {} },
});
const quietKafka = (clientId: string) =>
  new Kafka({ clientId, ...lab.connection, logLevel: logLevel.NOTHING });
const sameAs = (ids: number[]) => (others: number[]) =>
  ids.toSorted().join() === others.toSorted().join();
const isrOf = async (topic: string) => (await describeTopic(brokers(), topic))[0]?.isr;

test('three brokers and a controller, and a topic has a copy on each', LIMIT, async () => {
  expect(brokers()).toHaveLength(3);
  expect(kafkasOn(state)).toHaveLength(4);
  const topic = await lab.topic('copies', { partitions: 3 });
  const rows = await describeTopic(brokers(), topic.name);
  expect(rows.map(({ replicas }) => replicas.toSorted())).toEqual(Array(3).fill([1, 2, 3]));
  expect(rows.map(({ leader }) => leader).toSorted()).toEqual([1, 2, 3]);
  expect(lab.about().kafka).toMatch(/a cluster of this notebook's own/);
});

test('a call resolves when the process is gone, stands still, or serves again', LIMIT, async () => {
  const topic = await lab.topic('calls', { replicas: 3 });
  const victim = lab.broker(2);
  const first = processOf(lab, 2)!;
  await victim.kill();
  expect(processOf(lab, 2)).toBeUndefined();
  await victim.kill(); // it is so already
  await until(
    async () => !(await isrOf(topic.name))?.includes(2),
    'broker 2 to be out of sync',
    20_000,
  );
  await victim.start();
  expect(processOf(lab, 2)).not.toBe(first);
  await until(async () => (await isrOf(topic.name))?.includes(2), 'broker 2 to be in sync', 20_000);

  await victim.pause();
  expect(standsStill(processOf(lab, 2)!)).toBe(true);
  await expect(victim.stop()).rejects.toThrow(/stands still.*await lab\.broker\(2\)\.resume\(\)/);
  await victim.resume();
  expect(standsStill(processOf(lab, 2)!)).toBe(false);
  await victim.stop();
  expect(processOf(lab, 2)).toBeUndefined();
  await expect(victim.pause()).rejects.toThrow(/does not run.*await lab\.broker\(2\)\.start\(\)/);
  await victim.start();
  await expect(lab.broker(4).kill()).rejects.toThrow(
    'There is no broker 4. The brokers of this cluster are 1, 2, 3.',
  );
});

test('what was acknowledged by all outlives the death of its leader', LIMIT, async () => {
  const topic = await lab.topic('outlives', { replicas: 3 });
  const producer = quietKafka('w').producer({ retry: { retries: 40, maxRetryTime: 300 } });
  await producer.connect();
  const messages = Array.from({ length: 100 }, (_, n) => ({ value: `${n}` }));
  await producer.send({ topic: topic.name, messages });
  const [before] = await describeTopic(brokers(), topic.name);
  await lab.broker(before!.leader!).kill();
  await producer.send({ topic: topic.name, messages: [{ value: 'after' }] });
  await producer.disconnect();
  const [after] = await describeTopic(brokers(), topic.name);
  expect(after!.leader).not.toBe(before!.leader);
  expect(await endOffsets(brokers(), topic.name)).toEqual({ 0: 101 });
  await lab.broker(before!.leader!).start();
});

test(
  'acks 1 with followers that stand still: acknowledged and lost, and the ledger knows which',
  LIMIT,
  async () => {
    const topic = await lab.topic('lost', { replicas: 3, config: { 'min.insync.replicas': '2' } });
    await lab.untilInSync(topic, 3);
    const [{ leader, inSync, followers: ids }] = await lab.replicas(topic);
    const [row] = await describeTopic(brokers(), topic.name);
    expect(row).toMatchObject({ leader, isr: expect.toSatisfy(sameAs(inSync)) });
    const producer = lab.watch(quietKafka('w')).producer({ retry: { retries: 0 } });
    await producer.connect();
    const send = (acks: number, value: string) =>
      producer.send({ topic: topic.name, acks, messages: [{ value }] });
    for (const value of ['a', 'b', 'c']) await send(-1, value);

    const followers = ids.map((id) => lab.broker(id));
    await Promise.all(ids.map((id) => standStill(lab, id, leader)));
    for (const value of ['d', 'e']) await send(1, value);
    await lab.broker(leader).kill();
    await Promise.all(followers.map((follower) => follower.resume()));
    await lab.untilLed(topic);
    const lost = await lab.lostRecords(topic);
    expect(lost.map(({ offset, value }) => [offset, value])).toEqual([
      [3, 'd'],
      [4, 'e'],
    ]);
    expect(await lab.lostRecords(topic)).toEqual(lost);
    expect(lab.ledger.trail('lost', { topic: topic.name }).length).toBe(2);
    expect(await endOffsets(brokers(), topic.name)).toEqual({ 0: 5 }); // three, and two of the lab's
    const [after] = await describeTopic(brokers(), topic.name);
    const [known] = await lab.replicas(topic);
    expect(known).toMatchObject({
      leader: after!.leader,
      inSync: expect.toSatisfy(sameAs(after!.isr)),
    });
    const [gap] = leaderless(lab.ledger, topic.name);
    expect(gap!.to! - gap!.from).toBeGreaterThan(1000); // the session of the dead one lasts 3 s
    expect(replicas(lab.ledger, { topic: topic.name }).text).toMatch(
      /longest time without a leader was \d\.\d\d s\. 5 records were acknowledged, 2 of them are lost/,
    );
    await lab.broker(leader).start();
    await lab.untilInSync(topic, 3);
    await producer.disconnect();
  },
);

test(
  'a broker that is killed from outside is told of, and can be brought back',
  LIMIT,
  async () => {
    const before = host.failures.length;
    process.kill(processOf(lab, 3)!, 'SIGKILL');
    await until(() => host.failures.length > before, 'the notebook to be told');
    expect(String(host.failures[before])).toMatch(
      /Broker 3 was ended by SIGKILL, .*await lab\.broker\(3\)\.start\(\)/,
    );
    expect(lab.ledger.brokers().at(-1)).toMatchObject({ broker: 3, event: 'killed' });
    await lab.broker(3).start();
    expect(kafkasOn(state)).toHaveLength(4);
  },
);

test('by address: a Kafka of one broker is refused, one of three has no processes to kill', {
  timeout: LIMIT.timeout,
}, async ({ onTestFinished }) => {
  const shared = await leaseBroker({ holder: 'other', linger: 0 });
  expect(brokers()).not.toContain(shared.connection.brokers[0]);
  onTestFinished(async () => {
    delete process.env['KAFKA_BOOTSTRAP_SERVERS'];
    await shared.release();
  });
  await expect(brokerOf(ownerOf(shared), 1).kill()).rejects.toThrow(
    /openLab\('mine', \{ brokers: 3 \}\)/,
  );
  const request = { holder: 'by-address', brokers: 3 };

  process.env['KAFKA_BOOTSTRAP_SERVERS'] = shared.connection.brokers[0];
  await expect(leaseCluster(request)).rejects.toMatchObject({
    code: 'BROKER_REFUSED',
    what: expect.stringContaining('has 1 broker, and this notebook needs 3.'),
    fix: expect.stringMatching(/Remove KAFKA_BOOTSTRAP_SERVERS.*docker compose --profile cluster/),
  });

  process.env['KAFKA_BOOTSTRAP_SERVERS'] = brokers().join(',');
  const yours = await leaseCluster(request);
  expect(yours).toMatchObject({ origin: 'address', connection: { brokers: brokers() } });
  await expect(brokerOf(ownerOf(yours), 2).pause()).rejects.toThrow(
    /^The lab cannot pause broker 2\. .*does not run their processes\..*without KAFKA_BOOTSTRAP_SERVERS/,
  );
});
