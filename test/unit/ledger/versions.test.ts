import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Ledger, versions } from '../../../lib/src/ledger/index.ts';
import { at, compactedHistory, History } from '../../support/history.ts';

const record = fc.record({
  key: fc.constantFrom('ann', 'bob', null),
  partition: fc.constantFrom(0, 1),
  value: fc.constantFrom('Oslo', '', null),
  isGone: fc.boolean(),
});

test('versions: of each key in a partition the last is the newest, and those are left that were not compacted', () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 30 }), (all) => {
      const history = new History();
      const { ledger, topic } = history;
      const ends = [0, 0];
      const written = all.map((one, i) => {
        const offset = ends[one.partition]!++;
        history.record(i, 'produced', 'shop', one.partition, offset, one.key as string, one.value);
        return { ...one, offset };
      });
      for (const partition of [0, 1]) {
        const end = ends[partition] as number;
        const compacted = written
          .filter((one) => one.isGone && one.partition === partition)
          .map(({ offset }) => ({ from: offset, to: offset + 1 }));
        const read = { from: 0, to: end, markers: [], aborted: [], compacted };
        const told = { time: at(100), start: 0, stable: end, end, read };
        ledger.record({ kind: 'log', group: '', member: 'lab', topic, partition, ...told });
      }
      expect(versions(ledger, topic)).toEqual(
        written.map(({ key, partition, offset, value, isGone }, i) => ({
          ...{ topic, partition, offset, key, time: at(i) },
          isLeft: !isGone,
          isTombstone: value === null,
          isNewest:
            key === null ||
            !written.slice(i + 1).some((one) => one.key === key && one.partition === partition),
        })),
      );
    }),
  );
});

test('versions: what left the log otherwise than by compaction is none', () => {
  const { ledger, topic } = compactedHistory();
  const told = { time: at(3), start: 3, stable: 12, end: 12 };
  ledger.record({ kind: 'log', group: '', member: 'lab', topic, partition: 0, ...told });
  expect(versions(ledger, topic).map(({ offset }) => offset)).toEqual([
    3, 4, 5, 6, 7, 8, 9, 10, 11,
  ]);
  expect(versions(new Ledger(), topic)).toEqual([]);
});
