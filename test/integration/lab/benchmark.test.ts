import { CompressionTypes, Kafka, logLevel, type Producer } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lab, openLab, type Topic } from '../../../lib/src/lab/index.ts';
import { bytesOnDisk, endOffsetsOf } from '../../support/kafka-tools.ts';
import { ownState, recordingHost } from '../../support/lab.ts';

ownState();
const host = recordingHost();
const LIMIT = 60_000;

let lab: Lab;
let producer: Producer;

beforeAll(async () => {
  lab = await openLab('benchmark');
  const kafka = new Kafka({ clientId: 'writer', ...lab.connection, logLevel: logLevel.NOTHING });
  producer = lab.watch(kafka).producer();
  await producer.connect();
}, LIMIT);
afterAll(() => lab.close());

const messages = Array.from({ length: 60 }, (_, n) => ({ value: `order ${n} of many alike` }));
const inBatches =
  (size: number, how = {}) =>
  async ({ name: topic }: Topic) => {
    for (let n = 0; n < messages.length; n += size)
      await producer.send({ topic, messages: messages.slice(n, n + size), ...how });
  };

test('records, batches and bytes of each setting are those on disk, by Kafka’s own tools', {
  timeout: LIMIT,
}, async () => {
  const rounds = 3;
  const measured = await lab.benchmark(
    {
      'acks: 0': { run: inBatches(1, { acks: 0 }), givesUp: 'the answer' },
      'one by one': { run: inBatches(1) },
      'in batches': { run: inBatches(20) },
      'in batches, gzip': { run: inBatches(20, { compression: CompressionTypes.GZIP }) },
      'three partitions': { run: inBatches(20), partitions: 3 },
    },
    { rounds },
  );
  const counts = Object.entries(measured).map(([name, { records, batches }]) => [
    ...[name, records, batches],
  ]);
  expect(counts).toEqual([
    ['acks: 0', 60, 60],
    ['one by one', 60, 60],
    ['in batches', 60, 3],
    ['in batches, gzip', 60, 3],
    ['three partitions', 60, 9],
  ]);
  const { brokers } = lab.connection;
  const topics = Object.values(measured).map(({ topic }) => topic.name);
  const [ends, sizes] = [await endOffsetsOf(brokers, topics), await bytesOnDisk(brokers, topics)];
  for (const { topic, records, bytes, milliseconds } of Object.values(measured)) {
    const sum = Object.values(ends[topic.name] ?? {}).reduce((all, end) => all + end, 0);
    expect(sum).toBe(rounds * records);
    expect(sizes[topic.name]).toBe(Math.round(rounds * bytes));
    expect(milliseconds).toBeGreaterThan(0);
  }
  expect(measured['acks: 0'].givesUp).toBe('the answer');
});

test('settings take turns: each once in a round', async () => {
  const turns: string[] = [];
  const note = (name: string) => ({ run: async () => turns.push(name) });
  await lab.benchmark({ a: note('a'), b: note('b') }, { rounds: 2 });
  expect(turns).toEqual(['a', 'b', 'a', 'b']);
});

test('a setting that fails ends it, and so do its limit and an interrupt: no other is begun', async () => {
  let others = 0;
  const other = { run: async () => ++others };
  const failing = { run: () => Promise.reject(new Error('no printer')) };
  await expect(lab.benchmark({ failing, other })).rejects.toThrow('no printer');

  let end = () => {};
  const held = new Promise<void>((resolve) => {
    end = resolve;
  });
  const slow = { run: () => held };
  const late = lab.benchmark({ slow, other }, { timeout: 300 });
  await expect(late).rejects.toMatchObject({
    code: 'TIMED_OUT',
    message: expect.stringContaining('a benchmark of 2 settings'),
  });
  const stopped = expect(lab.benchmark({ slow, other })).rejects.toMatchObject({
    code: 'INTERRUPTED',
  });
  host.interrupt();
  await stopped;
  end();
  await new Promise(setImmediate); // what would go on then, has
  expect(others).toBe(0);
});
