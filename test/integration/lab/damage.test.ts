import { type Consumer, Kafka } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lab, openLab } from '../../../lib/src/lab/index.ts';
import { logFileOf, overwrite } from '../../support/damage.ts';
import { damagedIn } from '../../support/kafka-tools.ts';
import { ownState, recordingHost } from '../../support/lab.ts';

// Of the embedded Kafka alone: of another one nobody here can write into the files.
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

/** A batch of four records. */
async function produce(topic: string): Promise<void> {
  const producer = client('shop').producer();
  await producer.connect();
  await producer.send({
    topic,
    messages: Array.from({ length: 4 }, (_, n) => ({ value: `order ${n}` })),
  });
  await producer.disconnect();
}

async function read(groupId: string, topic: string): Promise<Consumer> {
  const consumer = client('reader').consumer({ groupId, ...lab.quick });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({ eachMessage: async () => {} });
  return consumer;
}

test('records damaged in the file: a consumer reads up to them, says where they are, and can go on behind them', async () => {
  const orders = await lab.topic('damaged');
  const topic = orders.name;
  for (let n = 0; n < 3; n++) await produce(topic);
  overwrite(topic, 4, 80, [0, 0, 0]);
  expect(await damagedIn(logFileOf(topic))).toEqual([{ first: 4, last: 7 }]);
  const group = lab.group('damaged');
  const before = host.failures.length;
  const first = await read(group, topic);
  await expect.poll(() => host.failures.length).toBeGreaterThan(before);
  const [damaged] = host.failures.splice(before);
  expect(damaged).toMatchObject({
    code: 'CONSUMER_CRASHED',
    what: `Consumer reader of group ${group} cannot continue: in topic ${topic}, partition 0, the records from offset 4 are damaged.`,
    why: expect.stringMatching(/checksum .* program has written into Kafka's data folder\.$/),
    fix: expect.stringContaining(
      `topic: '${topic}', partitions: [{ partition: 0, offset: '8' }] })`,
    ),
  });
  await first.disconnect();

  const admin = client('admin').admin();
  await admin.connect();
  await admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 0, offset: '8' }] });
  await admin.disconnect();
  const second = await read(group, topic);
  await lab.untilProcessed(group, orders, { records: 8 });
  await second.disconnect();
  const offsets = lab.ledger.records('delivered', { topic }).map(({ offset }) => offset);
  expect(offsets).toEqual([0, 1, 2, 3, 8, 9, 10, 11]);
  expect(host.failures.slice(before)).toEqual([]);
});
