import { setImmediate as nextTurn } from 'node:timers/promises';
import { type EachMessagePayload, Kafka } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lab, openLab, type Topic } from '../../../lib/src/lab/index.ts';
import { describeGroup, membersOf } from '../../support/kafka-tools.ts';
import { ownState, recordingHost } from '../../support/lab.ts';

ownState();
const { failures } = recordingHost();
let lab: Lab;

beforeAll(async () => {
  lab = await openLab('test');
});
afterAll(() => lab.close());

const client = (clientId: string) => lab.watch(new Kafka({ clientId, ...lab.connection }));

/** Four records in each of two partitions, and a member that fails at offset 2 of partition 1. */
async function failing(name: string, fail: (payload: EachMessagePayload) => unknown) {
  const topic = await lab.topic(name, { partitions: 2 });
  const group = lab.group(name);
  const producer = client('shop').producer();
  await producer.connect();
  const messages = [0, 1, 2, 3].flatMap((n) =>
    [0, 1].map((partition) => ({ partition, value: `order ${n}` })),
  );
  await producer.send({ topic: topic.name, messages });
  await producer.disconnect();
  const retry = { initialRetryTime: 100, multiplier: 1, factor: 0, retries: 1000 };
  const consumer = client(name).consumer({ groupId: group, ...lab.quick, retry });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic.name], fromBeginning: true });
  const join = () =>
    consumer.run({
      eachMessage: async (payload) => {
        const { partition, message } = payload;
        if (partition === 1 && message.offset === '2') await fail(payload);
      },
    });
  return { topic, group, consumer, join };
}

const attempts = (group: string) => lab.ledger.records('failed', { group }).length;

const witness = async (group: string, topic: Topic) => {
  const rows = await describeGroup(lab.connection.brokers, group);
  return rows
    .filter((row) => row.topic === topic.name)
    .map(({ committed, lag }) => [committed, lag]);
};

test('an Error is retried, and the bookmark stays: told to the cell, unless it is expected', async () => {
  const { topic, group, consumer, join } = await failing('retried', () => {
    throw new Error(`no unicorns: ${attempts(group) < 3 ? 'first' : 'later'}`);
  });
  lab.expectError(group, 'unicorns: first');
  await join();
  await lab.until('three attempts', () => attempts(group) >= 3);
  expect(failures).toEqual([]);
  await lab.until('five attempts', () => attempts(group) >= 5);
  expect(failures.map(String)).toEqual(['Error: no unicorns: later']);
  expect(await witness(group, topic)).toEqual([
    [4, 0],
    [2, 2],
  ]);
  await consumer.disconnect();
  failures.length = 0;
});

test('a SyntaxError is not, and the consumer ends: expected only in the group that it is expected in', async () => {
  const parse = () => void JSON.parse('{"product":"unic');
  const ended = (group: string) =>
    lab.until('the end', () => lab.ledger.members({ group }).some((f) => f.kind === 'crashed'));
  for (const name of ['expected', 'surprising']) {
    const { topic, group, join } = await failing(name, parse);
    if (name === 'expected') lab.expectError(group, 'JSON');
    await join();
    await ended(group);
    expect(attempts(group)).toBe(1);
    expect(await membersOf(lab.connection.brokers, group)).toEqual([]);
    expect((await witness(group, topic)).at(-1)).toEqual([2, 2]);
    const told = failures.map(String);
    if (name === 'expected') expect(told).toEqual([]);
    else expect(told.map((text) => /crashed|JSON/.test(text))).toEqual([true, true]);
  }
});

test('a heartbeat that tells of a rebalance is no error of its handler', async () => {
  failures.length = 0;
  const thrown: unknown[] = [];
  const { topic, group, consumer, join } = await failing('rebalanced', async ({ heartbeat }) => {
    while (thrown.length === 0) {
      await heartbeat().catch((error) => {
        thrown.push(error.type);
        throw error;
      });
      await nextTurn();
    }
  });
  await join();
  await lab.until(
    'the handler to work',
    () => lab.ledger.records('delivered', { group }).length > 2,
  );
  const second = client('second').consumer({ groupId: group, ...lab.quick });
  await second.connect();
  await second.subscribe({ topics: [topic.name], fromBeginning: true });
  await second.run({ eachMessage: async () => {} });
  await lab.untilCommitted(group, topic);
  expect(thrown).toEqual(['REBALANCE_IN_PROGRESS']);
  expect(failures).toEqual([]);
  for (const member of [consumer, second]) await member.disconnect();
});
