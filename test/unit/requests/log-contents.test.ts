import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  isRemarkable,
  joined,
  logContents,
  type OffsetRange,
  type ReadBatch,
} from '../../../lib/src/requests/log-contents.ts';

type Kind = 'record' | 'aborted' | 'marker' | 'compacted';

const plain = { isControl: false, inTransaction: false, producerId: -1 };

/** A log as it was written: transactions of two producers one after the other or at once, and records of none. */
const steps = fc.array(
  fc.record({
    producerId: fc.constantFrom(-1, 7, 8),
    records: fc.integer({ min: 1, max: 3 }),
    end: fc.constantFrom('none', 'commit', 'abort'),
    /** Which of its records compaction has left, where the transaction was committed. */
    kept: fc.nat(7),
  }),
  { maxLength: 12 },
);

/** The batches of that log, its aborted transactions, and what lies at each offset. */
function written(log: typeof steps extends fc.Arbitrary<infer T> ? T : never) {
  const batches: ReadBatch[] = [];
  const kinds: Kind[] = [];
  const transactions: { producerId: number; from: number; to: number }[] = [];
  const open = new Map<number, { from: number; places: number[] }>();
  for (const { producerId, records, end, kept } of log) {
    const from = kinds.length;
    const places = Array.from({ length: records }, (_, i) => from + i);
    const isPlain = producerId === -1;
    const offsets = isPlain ? places.filter((_, i) => kept & (1 << i)) : places;
    kinds.push(...places.map((at): Kind => (offsets.includes(at) ? 'record' : 'compacted')));
    batches.push({
      ...{ ...plain, from, to: from + records, count: offsets.length, producerId },
      ...{ inTransaction: !isPlain, ...(offsets.length < records && { offsets }) },
    });
    if (isPlain) continue;
    const one = open.get(producerId) ?? { from, places: [] };
    open.set(producerId, { ...one, places: [...one.places, ...places] });
    if (end === 'none') continue;
    if (end === 'abort') {
      transactions.push({ producerId, from: one.from, to: kinds.length });
      for (const at of [...one.places, ...places]) kinds[at] = 'aborted';
    }
    open.delete(producerId);
    const marker = { from: kinds.length, to: kinds.length + 1, count: 1, producerId };
    batches.push({ ...marker, isControl: true, inTransaction: true });
    kinds.push('marker');
  }
  return { batches, kinds, transactions };
}

const isIn = (ranges: OffsetRange[], at: number) =>
  ranges.some(({ from, to }) => from <= at && at < to);

test('each offset that was read is told as what it is, wherever reading begins and is interrupted', () => {
  fc.assert(
    fc.property(steps, fc.nat(), fc.nat(), (log, begin, cut) => {
      const { batches, kinds, transactions } = written(log);
      const from = begin % (kinds.length + 1);
      const rest = batches.filter(({ to }) => to > from);
      const at = cut % (rest.length + 1);
      // The broker tells of transactions that had not ended before.
      const contents = (start: number, batches: ReadBatch[]) =>
        logContents(
          start,
          batches,
          transactions.filter(({ to }) => to >= start),
        );
      const first = contents(from, rest.slice(0, at));
      const read = joined(first, contents(first.to, rest.slice(at)));
      expect(read.to).toBe(Math.max(from, kinds.length));
      for (let offset = from; offset < kinds.length; offset++) {
        const told = (['markers', 'aborted', 'compacted'] as const).filter((kind) =>
          isIn(read[kind], offset),
        );
        const kind = kinds[offset] as Kind;
        expect(told).toEqual(kind === 'record' ? [] : [kind === 'marker' ? 'markers' : kind]);
      }
    }),
  );
});

test('records in a row are nothing to tell; a gap is, and so is a transaction', () => {
  const row = (from: number, to: number): ReadBatch => ({ ...plain, from, to, count: to - from });
  expect(isRemarkable(3, [row(0, 5), row(5, 9)])).toBe(false);
  expect(isRemarkable(3, [])).toBe(false);
  expect(isRemarkable(3, [row(4, 5)])).toBe(true);
  expect(isRemarkable(0, [row(0, 5), row(6, 9)])).toBe(true);
  expect(isRemarkable(0, [{ ...row(0, 5), count: 4 }])).toBe(true);
  expect(isRemarkable(0, [{ ...row(0, 5), inTransaction: true }])).toBe(true);
});
