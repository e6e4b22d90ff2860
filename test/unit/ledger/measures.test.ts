import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  arrivals,
  delays,
  Ledger,
  offsetsByPartition,
  partitionsByKey,
  speedup,
} from '../../../lib/src/ledger/index.ts';
import { at, History } from '../../support/history.ts';

const all = { from: 0, to: Infinity };

test('delays: what came in a stretch, what of it was done by its end, and the median until then or later', () => {
  const history = new History();
  const { ledger, group, topic } = history;
  // Produced at 1, 2, 3 and 4 s, the last when the stretch is over; 1 takes 10 ms, 2 takes 2 s.
  for (const offset of [1, 2, 3, 4]) history.record(offset, 'produced', 'shop', 0, offset);
  history.record(1.01, 'processed', 'a', 0, 1).record(1.5, 'processed', 'a', 0, 1);
  history.record(4, 'processed', 'a', 0, 2);
  const { meanwhile, ...seen } = delays(ledger, group, topic, { from: at(1), to: at(4) });
  expect(seen).toEqual({ from: at(1), arrived: 3, median: 2000 });
  expect(meanwhile.map(({ offset, time, member }) => [offset, time, member])).toEqual([
    [1, at(1.01), 'a'],
  ]);
  expect(delays(ledger, 'other', topic, all)).toMatchObject({ arrived: 4, median: Infinity });
  expect(delays(new Ledger(), group, topic, all)).toMatchObject({ arrived: 0, median: NaN });
});

test('delays: what expired had come, too; where nobody had processed it, it waits for ever', () => {
  const history = new History();
  const { ledger, group, topic } = history;
  for (const offset of [0, 1, 2]) history.record(offset, 'produced', 'shop', 0, offset);
  history.record(0.5, 'processed', 'a', 0, 0);
  const place = { group: '' as const, member: 'lab', topic, partition: 0 };
  ledger.record({ kind: 'log', time: at(3), ...place, start: 2, stable: 3, end: 3 });
  const of = (to: number) => delays(ledger, group, topic, { from: at(0), to: at(to) });
  expect(of(1)).toMatchObject({ arrived: 1, median: 500 });
  expect(of(3)).toMatchObject({ arrived: 3, median: Infinity });
});

/** `a` and `b` handle one record at a time, from 0 s on, each taking as long as given. */
function handled(a: number[], b: number[]) {
  const history = new History();
  const rows = Object.entries({ a, b }).flatMap(([member, all]) => {
    let time = 0;
    return all.map((took, offset) => ({ member, offset, begun: time, time: (time += took) }));
  });
  for (const { member, offset, begun, time } of rows.sort((x, y) => x.time - y.time)) {
    const partition = member === 'a' ? 0 : 1;
    history.record(begun, 'delivered', member, partition, offset);
    history.record(time, 'processed', member, partition, offset);
  }
  return history;
}

test('speedup: total by largest share, and more while every member had work', () => {
  const { ledger, group, topic } = handled([1, 1, 1, 1], [1, 1]);
  expect(speedup(ledger, group, topic, all)).toEqual({
    shares: { a: 4, b: 2 },
    ...{ timesAsFast: 1.5, bound: 1.5, whileAllWorked: 2 },
  });
  const early = { from: 0, to: at(2) };
  expect(speedup(ledger, group, topic, early)).toMatchObject({ shares: { a: 2, b: 2 }, bound: 2 });
  const alone = handled([1, 2, 3], []);
  expect(speedup(alone.ledger, group, topic, all)).toMatchObject({ timesAsFast: 1, bound: 1 });
  expect(speedup(new Ledger(), group, topic, all)).toEqual({
    shares: {},
    ...{ timesAsFast: 0, bound: 0, whileAllWorked: 0 },
  });
});

test('no group is faster than its bound, and none than it has members', () => {
  const times = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(times, times, (a, b) => {
      const { ledger, group, topic } = handled(a, b);
      const { timesAsFast, bound } = speedup(ledger, group, topic, all);
      expect(timesAsFast).toBeLessThanOrEqual(bound);
      expect(bound).toBeLessThanOrEqual(2);
    }),
  );
});

test('where records are: offsets by partition, partitions by key, and when they came', () => {
  const history = new History();
  const { ledger, topic } = history;
  history.record(1, 'produced', 'shop', 2, 7, 'k').record(2, 'produced', 'shop', 0, 3, 'k');
  history.record(3, 'produced', 'shop', 2, 8, 'other').record(4, 'produced', 'shop', 2, 9, 'k');
  const fact = { group: '', member: 'shop', topic, partition: 1, offset: 0, key: null };
  ledger.record({ kind: 'produced', time: at(5), ...fact });
  expect(offsetsByPartition(ledger.records('produced'))).toEqual({ 0: [3], 1: [0], 2: [7, 8, 9] });
  expect(offsetsByPartition([])).toEqual({});
  expect(partitionsByKey(ledger, topic)).toEqual({ k: [0, 2], other: [2] });
  expect(arrivals(ledger, topic, { from: at(1.5), to: at(4.5) })).toEqual({
    from: at(2),
    to: at(4),
  });
  expect(arrivals(ledger, 'none', all)).toEqual({ from: NaN, to: NaN });
});
