import { createRequire } from 'node:module';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { cutOff, offsetBehind, soundBytes } from '../../../lib/src/requests/record-batches.ts';

const require = createRequire(import.meta.url);
const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0');
const Record = require('kafkajs/src/protocol/recordBatch/record/v0');
const Encoder = require('kafkajs/src/protocol/encoder');
const Decoder = require('kafkajs/src/protocol/decoder');
const decodeMessages = require('kafkajs/src/protocol/requests/fetch/v4/decodeMessages');

/** A batch of two records, as kafkajs sends it and Kafka stores it. */
async function batch(from: number): Promise<Buffer> {
  const records = [0, 1].map((offsetDelta) => Record({ offsetDelta, key: 'k', value: `${from}` }));
  const { buffer } = await RecordBatch({ records, lastOffsetDelta: 1 });
  buffer.writeBigInt64BE(BigInt(from), 0);
  return buffer;
}

/** Those that kafkajs makes of the records of one partition. */
async function readByKafkajs(records: Buffer): Promise<string[]> {
  const { buffer } = new Encoder().writeInt32(records.length).writeBuffer(records);
  const messages = await decodeMessages(new Decoder(buffer));
  return messages.map(({ offset }: { offset: string }) => offset);
}

let batches: Buffer[] = [];
beforeAll(async () => {
  batches = await Promise.all([10, 12, 14].map(batch));
});
const startOf = (n: number) => Buffer.concat(batches.slice(0, n)).length;

test('whole batches are sound, wherever a large answer is cut off', () => {
  const all = Buffer.concat(batches);
  for (let size = 0; size <= all.length; size++) {
    const whole = [3, 2, 1, 0].find((n) => startOf(n) <= size) as number;
    expect(soundBytes(all.subarray(0, size))).toBe(startOf(whole));
  }
});

/** In which batch, how far from its start (the checksum itself is there, and what it covers), and what is done to it. */
const damage = fc.record({
  n: fc.nat(2),
  at: fc.integer({ min: 17, max: 61 + 2 * 8 }),
  by: fc.integer({ min: 1, max: 255 }),
});

test('any byte that the checksum covers: what is in front of it is read, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(damage, async ({ n, at, by }) => {
      const all = Buffer.concat(batches);
      all[startOf(n) + at]! ^= by;
      expect(soundBytes(all)).toBe(startOf(n));
      cutOff(all, startOf(n));
      expect(await readByKafkajs(all)).toEqual(
        ['10', '11', '12', '13', '14', '15'].slice(0, n * 2),
      );
    }),
  );
});

test('the offset behind a damaged batch, unless its header is what is damaged', () => {
  const damaged = (at: number) => {
    const all = Buffer.concat(batches);
    all[at]! ^= 0x55;
    expect(soundBytes(all)).toBe(0);
    return offsetBehind(all);
  };
  expect(damaged(70)).toBe(12);
  for (const header of [8, 11, 23, 26]) expect(damaged(header), `byte ${header}`).toBeUndefined();
});
