import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Ledger, pauses } from '../../../lib/src/ledger/index.ts';

const one = { kind: 'processed', group: 'g', topic: 't', key: null } as const;

test('the longest time between two records of a partition, and who had its first and last', () => {
  const moment = fc.record({
    partition: fc.nat({ max: 2 }),
    time: fc.nat({ max: 1000 }),
    member: fc.constantFrom('a', 'b'),
  });
  fc.assert(
    fc.property(fc.array(moment, { minLength: 1, maxLength: 30 }), (all) => {
      const sorted = [...all].sort((x, y) => x.time - y.time);
      const ledger = new Ledger();
      for (const [offset, each] of sorted.entries()) ledger.record({ ...one, ...each, offset });
      const expected = [0, 1, 2].flatMap((partition) => {
        const own = sorted.filter((each) => each.partition === partition);
        if (own.length === 0) return [];
        const steps = own.slice(1).map(({ time }, i) => time - (own[i]?.time ?? 0));
        const [first, last] = [own[0]?.member, own.at(-1)?.member];
        return [{ partition, first, last, pause: Math.max(0, ...steps) }];
      });
      expect(pauses(ledger, 'g', 't')).toEqual(expected);
      expect(pauses(ledger, 'other', 't')).toEqual([]);
    }),
  );
});

test('a late repeat by who owned the partition before is not its last record', () => {
  const ledger = new Ledger();
  const told = [
    ['a', 0],
    ['c', 1],
    ['c', 2],
    ['a', 1],
  ] as const;
  for (const [time, [member, offset]] of told.entries())
    ledger.record({ ...one, partition: 0, time, member, offset });
  expect(pauses(ledger, 'g', 't')).toEqual([{ partition: 0, first: 'a', last: 'c', pause: 1 }]);
});
