import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import zlib from 'node:zlib';
import fc from 'fast-check';
import kafkajs, { Kafka } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lab, openLab } from '../../../lib/src/lab/index.ts';
import { codecsInFile, produceLines, recordsIn } from '../../support/kafka-tools.ts';
import { ownState, recordingHost } from '../../support/lab.ts';

const state = ownState();
const host = recordingHost();
let lab: Lab;

beforeAll(async () => {
  lab = await openLab('codecs');
}, 60_000);
afterAll(() => lab?.close());

/** Lines of a few letters and of some hundred thousand, which repeat themselves and do not: more than a block of any codec. */
const lines = fc.oneof(
  { weight: 8, arbitrary: fc.stringMatching(/^[\w ]{0,80}$/) },
  fc
    .tuple(fc.stringMatching(/^\w{1,9}$/), fc.integer({ min: 1, max: 30_000 }))
    .map(([part, times]) => part.repeat(times)),
);
const some = (seed: number) => fc.sample(lines, { numRuns: 60, seed });
const sorted = (values: readonly (string | null)[]) => [...values].sort();

const TYPES = { snappy: 'Snappy', lz4: 'LZ4', zstd: 'ZSTD' } as const;

test.each(['snappy', 'lz4', 'zstd'] as const)(
  'what Kafka’s own producer compresses by %s is read here, and what is compressed here its consumer reads',
  async (codec) => {
    const topic = await lab.topic(codec, { partitions: 1 });
    const seed = Number(process.env['SEED'] ?? Date.now() % 1e6);
    const [theirs, ours] = [some(seed), some(seed + 1)];
    const { brokers } = lab.connection;
    const clients = lab.watch(new Kafka({ clientId: codec, ...lab.connection }));
    await produceLines(brokers, { topic: topic.name, lines: theirs, codec });

    const producer = clients.producer();
    await producer.connect();
    const compression = kafkajs.CompressionTypes[TYPES[codec]];
    const messages = ours.map((value) => ({ key: 'ours', value }));
    const sending = producer.send({ topic: topic.name, compression, messages });
    const writes = codec !== 'zstd' || 'zstdCompress' in zlib;
    if (writes) await sending;
    else
      await expect(sending).rejects.toMatchObject({
        what: 'Nothing was sent: this producer cannot compress with zstd.',
        why: expect.stringMatching(/^Node\.js can from 22\.15 on, and this is 20\./),
      });
    const expected = sorted(writes ? [...theirs, ...ours] : theirs);

    const read: string[] = [];
    const consumer = clients.consumer({ groupId: lab.group(codec), ...lab.quick });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic.name], fromBeginning: true });
    await consumer.run({ eachMessage: async ({ message }) => void read.push(`${message.value}`) });
    await lab.until('all records', () => read.length === expected.length);
    expect(sorted(read), `SEED=${seed}`).toEqual(expected);
    const witness = await recordsIn(brokers, topic.name, expected.length);
    expect(sorted(witness.map(({ value }) => value)), `SEED=${seed}`).toEqual(expected);
    expect(await codecsInFile(logOf(topic.name))).toEqual([codec]);
    expect(host.failures).toEqual([]);
  },
  60_000,
);

/** The only segment of a topic's only partition. */
function logOf(topic: string): string {
  const files = readdirSync(state, { recursive: true, encoding: 'utf8' });
  return join(
    state,
    files.find((file) => file.endsWith(`${topic}-0/00000000000000000000.log`)) as string,
  );
}
