import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { acquiredIn } from '../../../lib/src/share-groups/session/acquired.ts';

const require = createRequire(import.meta.url);
const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0');
const Record = require('kafkajs/src/protocol/recordBatch/record/v0');
const crc32c: (bytes: Buffer) => number = require('kafkajs/src/protocol/recordBatch/crc32C');

const KINDS = ['sound', 'sound', 'control', 'damaged', 'compacted'] as const;

/** A part of a log: so many offsets, and at which of them compaction has left a record. */
const PART = fc.record({
  kind: fc.constantFrom(...KINDS),
  size: fc.integer({ min: 1, max: 4 }),
  kept: fc.nat(15),
});
interface Part {
  kind: (typeof KINDS)[number];
  size: number;
  kept: number;
}

const [ATTRIBUTES, CHECKSUM, CHECKED, CONTROL] = [22, 17, 21, 0x20];

/** The bytes of a part as they lie in the log; none where compaction has left no batch. */
async function bytesOf({ kind, size }: Part, from: number, offsets: number[]): Promise<Buffer> {
  if (kind === 'compacted') return Buffer.alloc(0);
  const records = offsets.map((offset) =>
    Record({ offsetDelta: offset - from, key: null, value: `${offset}` }),
  );
  const { buffer } = await RecordBatch({ records, lastOffsetDelta: size - 1 });
  buffer.writeBigInt64BE(BigInt(from), 0);
  if (kind === 'control') buffer[ATTRIBUTES] |= CONTROL;
  buffer.writeUInt32BE(crc32c(buffer.subarray(CHECKED)), CHECKSUM);
  if (kind === 'damaged') buffer[buffer.length - 1] ^= 0xff;
  return buffer;
}

/** What is to become of an offset of a part: the record is handed over, or how it is acknowledged. */
function expected({ kind }: Part, isKept: boolean): string {
  if (kind === 'damaged') return 'reject';
  return kind === 'sound' && isKept ? 'record' : 'gap';
}

/** The log, what is to become of each of its offsets, and two more that the answer has cut off. */
async function written(parts: Part[]): Promise<{ bytes: Buffer; fates: string[] }> {
  const fates: string[] = [];
  const all: Buffer[] = [];
  let end = 0;
  for (const part of parts) {
    const from = fates.length;
    const offsets = Array.from({ length: part.size }, (_, i) => from + i);
    const kept = offsets.filter((_, i) => part.kept & (1 << i));
    const isWhole = part.kind === 'control' || kept.length === 0;
    all.push(await bytesOf(part, from, isWhole ? offsets : kept));
    const has = (offset: number) => kept.length === 0 || kept.includes(offset);
    fates.push(...offsets.map((offset) => expected(part, has(offset))));
    if (part.kind !== 'compacted') end = fates.length;
  }
  const cutOff = (fate: string, offset: number) => (offset < end ? fate : 'release');
  return { bytes: Buffer.concat(all), fates: [...fates, '', ''].map(cutOff) };
}

test('of each acquired offset it is known what it is: a record, nothing, damaged, or not in this answer', async () => {
  const cuts = fc.uniqueArray(fc.nat(30), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.array(PART, { maxLength: 6 }), cuts, async (parts, at) => {
      const { bytes, fates } = await written(parts);
      const bounds = at.filter((offset) => offset < fates.length).toSorted((a, b) => a - b);
      const acquired = bounds.flatMap((first, n) =>
        n % 2 === 0 ? [{ first, last: bounds[n + 1] ?? first, deliveryCount: n + 1 }] : [],
      );
      const place = { topicId: 'ab'.repeat(16), partition: 3 };
      const answer = { ...place, error: 0, message: '', records: bytes, acquired };
      const { records, others } = await acquiredIn(answer);
      const told = [
        ...records.map(({ offset, message, deliveryCount }) => {
          const fate = String(message.value) === `${offset}` ? 'record' : 'another record';
          return { offset, fate, deliveryCount };
        }),
        ...others.map(({ first, kind }) => ({ offset: first, fate: kind })),
      ].toSorted((a, b) => a.offset - b.offset);
      const wanted = acquired.flatMap(({ first, last, deliveryCount }) =>
        Array.from({ length: last - first + 1 }, (_, i) => {
          const [offset, fate] = [first + i, fates[first + i] as string];
          return fate === 'record' ? { offset, fate, deliveryCount } : { offset, fate };
        }),
      );
      expect(told).toEqual(wanted);
    }),
  );
});
