import { Kafka } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, openLab, type Topic } from '../../lib/src/lab/index.ts';
import { assignment, tally } from '../../lib/src/ledger/index.ts';
import { waitUntil } from '../support/command.ts';
import { describeGroup, endOffsets } from '../support/kafka-tools.ts';
import { ownState, recordingHost } from '../support/lab.ts';
import { Brokers } from './brokers.ts';
import { missingDocker } from './docker.ts';

const missing = await missingDocker();
if (missing) console.log(`Skipped: ${missing}`);

ownState();
const host = recordingHost();

const client = (lab: Lab, clientId: string) =>
  lab.watch(new Kafka({ clientId, ...lab.connection }));

async function join(lab: Lab, clientId: string, groupId: string, topic: Topic): Promise<void> {
  const consumer = client(lab, clientId).consumer({ groupId, ...lab.quick });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic.name], fromBeginning: true });
  await consumer.run({ eachMessage: async () => {} });
}

async function openAt(brokers: Brokers): Promise<Lab> {
  process.env['KAFKA_BOOTSTRAP_SERVERS'] = brokers.addresses.join(',');
  return openLab('docker');
}

describe.skipIf(missing)('apache/kafka in one container', () => {
  let brokers: Brokers;
  let lab: Lab;
  beforeAll(async () => {
    brokers = await Brokers.start(1);
    lab = await openAt(brokers);
  });
  afterAll(async () => {
    await lab?.close();
    await brokers?.stop();
  });

  test('two members share three partitions, and Kafka itself says the same', async () => {
    const orders = await lab.topic('orders', { partitions: 3 });
    const group = lab.group('shipping');
    const producer = client(lab, 'shop').producer();
    await producer.connect();
    const messages = Array.from({ length: 60 }, (_, n) => ({ value: `order ${n}` }));
    await producer.send({ topic: orders.name, messages });
    await join(lab, 'a', group, orders);
    await join(lab, 'b', group, orders);
    await lab.untilStable(group, { members: 2, timeout: 60_000 });
    await lab.untilCommitted(group, orders, { timeout: 60_000 });
    expect(assignment(lab.ledger, group)).toEqual({ a: [0, 2], b: [1] });
    expect(tally(lab.ledger, group, orders.name)).toMatchObject({ processed: 60, missing: [] });
    const rows = await describeGroup(brokers.addresses, group);
    expect(rows.map(({ member, lag }) => ({ member, lag }))).toEqual([
      { member: 'a', lag: 0 },
      { member: 'b', lag: 0 },
      { member: 'a', lag: 0 },
    ]);
    expect(host.failures).toEqual([]);
  });
});

describe.skipIf(missing)('apache/kafka in three containers', () => {
  let brokers: Brokers;
  let lab: Lab;
  beforeAll(async () => {
    brokers = await Brokers.start(3);
    lab = await openAt(brokers);
  });
  afterAll(async () => {
    await lab?.close();
    await brokers?.stop();
  });

  test('the leader is killed and comes back: all that was acknowledged is there, once', async () => {
    const kafka = client(lab, 'shop');
    const admin = kafka.admin();
    await admin.connect();
    const ledger = await lab.topic('ledger', { partitions: 1 });
    const description = async () => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [ledger.name] });
      return topics[0]?.partitions[0];
    };
    const leader = (await description())?.leader as number;
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    let sent = 0;
    let enough = Number.POSITIVE_INFINITY;
    let refused: unknown;
    const sending = (async () => {
      for (; sent < enough; sent++)
        await producer.send({ topic: ledger.name, acks: -1, messages: [{ value: `${sent}` }] });
    })().catch((error: unknown) => (refused = error));
    await waitUntil(() => sent > 20, 'the first records to be acknowledged');
    await brokers.kill(leader);
    // However quick the machine is, these are for another leader.
    enough = sent + 100;
    await sending;
    expect(refused).toBeUndefined();
    const others = [1, 2, 3].filter((id) => id !== leader);
    await expect.poll(async () => (await description())?.leader).toBeOneOf(others);

    await brokers.restart(leader);
    const isBack = async () => (await description())?.isr.length === 3;
    await expect.poll(isBack, { timeout: 60_000, interval: 500 }).toBe(true);
    const survivors = brokers.addresses.filter((_, i) => i + 1 !== leader);
    expect(await endOffsets(survivors, ledger.name)).toEqual({ 0: sent });

    const group = lab.group('auditor');
    await join(lab, 'auditor', group, ledger);
    await lab.untilProcessed(group, ledger, { records: sent, timeout: 60_000 });
    expect(tally(lab.ledger, group, ledger.name)).toMatchObject({ missing: [], repeated: [] });
    await admin.disconnect();
  });
});
