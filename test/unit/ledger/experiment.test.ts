import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  drain,
  Experiment,
  type Fact,
  Ledger,
  lagNow,
  positions,
  tally,
} from '../../../lib/src/ledger/index.ts';

const [topic, group] = ['orders', 'shipping'];

/** A record of one of two partitions goes its way: written, and as far as `reached` read and committed. */
function way(partition: number, offset: number, time: number, reached: number): Fact[] {
  const of = { topic, partition, key: null };
  const steps: Fact[] = [
    { ...of, kind: 'produced', group: '', member: 'shop', offset, time },
    { ...of, kind: 'delivered', group, member: 'a', offset, time: time + 1 },
    { ...of, kind: 'processed', group, member: 'a', offset, time: time + 2 },
    { kind: 'committed', topic, partition, group, member: 'a', offset: offset + 1, time: time + 3 },
  ];
  return steps.slice(0, reached);
}

test('an experiment tells what a ledger tells that saw nothing before it', () => {
  const records = fc.array(
    fc.record({ partition: fc.nat(1), reached: fc.integer({ min: 1, max: 4 }) }),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(records, records, (before, after) => {
      const [whole, only] = [new Ledger(), new Ledger()];
      const ends = [0, 0];
      let time = 0;
      const run = (all: typeof before, ledgers: Ledger[]) => {
        for (const { partition, reached } of all) {
          const offset = ends[partition]!++;
          for (const fact of way(partition, offset, (time += 10), reached))
            for (const ledger of ledgers) ledger.record(fact);
        }
      };
      run(before, [whole]);
      const experiment = new Experiment(whole);
      run(after, [whole, only]);
      const figures = (ledger: Ledger) => ({
        tally: tally(ledger, group, topic),
        positions: positions(ledger, group, topic, time),
        lag: lagNow(ledger, group, topic),
        drain: drain(ledger, group, topic),
        records: ledger.records('processed', { group }),
      });
      expect(figures(experiment)).toEqual(figures(only));
    }),
  );
});

test('it counts what it has seen, also where the ledger has given up the detail', () => {
  const ledger = new Ledger(4000);
  const run = (from: number, to: number) => {
    for (let n = from; n < to; n++) for (const fact of way(0, n, n * 10, 4)) ledger.record(fact);
  };
  run(0, 100);
  const experiment = new Experiment(ledger);
  run(100, 9100);
  expect(ledger.trail('processed', { group, topic }).forgotten).toBeGreaterThan(1000);
  expect(tally(experiment, group, topic)).toMatchObject({ produced: 9000, processed: 9000 });
});

test('a race that is run again is told by itself, not with the one before and the pause between', () => {
  const ledger = new Ledger();
  const race = (from: number, first: number) => {
    for (let n = 0; n < 120; n++) {
      const place = { topic, partition: n % 3, offset: first + Math.floor(n / 3), key: null };
      ledger.record({ ...place, kind: 'produced', group: '', member: 'shop', time: from });
      for (const [who, member, busy] of [
        ['alone', 'solo', n],
        ['pair', n % 3 === 1 ? 'right' : 'left', n % 3 === 1 ? n / 3 : (n * 2) / 3],
      ] as const) {
        const time = from + busy * 20;
        ledger.record({ ...place, kind: 'delivered', group: who, member, time });
        ledger.record({ ...place, kind: 'processed', group: who, member, time: time + 20 });
      }
    }
  };
  const timesAsFast = (of: Ledger) =>
    drain(of, 'alone', topic).duration / drain(of, 'pair', topic).duration;
  race(0, 0);
  const once = timesAsFast(ledger);
  const again = new Experiment(ledger);
  race(60_000, 40);
  expect(timesAsFast(again)).toBeCloseTo(once);
  expect(timesAsFast(ledger)).toBeLessThan(1.1);
  expect(drain(again, 'pair', topic).members.map(({ records }) => records)).toEqual([80, 40]);
});
