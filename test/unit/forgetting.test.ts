import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  account,
  drain,
  isDrained,
  Ledger,
  lagNow,
  lagOverTime,
  load,
  positions,
  tally,
} from '../../lib/src/ledger/index.ts';
import { History } from '../support/history.ts';

const MOST = 6000;

/** Who did how much in a stretch of time. */
const stretch = fc.record({
  produced: fc.nat(260),
  read: fc.nat(260),
  member: fc.constantFrom('a', 'b', 'c'),
  commits: fc.boolean(),
  goesBack: fc.nat(40),
});
const stretches = fc.array(stretch, { minLength: 60, maxLength: 70 });

type Stretches = typeof stretches extends fc.Arbitrary<infer T> ? T : never;

interface Both {
  /** The same history: in one ledger all of it, in the other what a small one keeps. */
  whole: History;
  cut: History;
}

function written(all: Stretches): Both {
  const whole = new History();
  const cut = new History(undefined, undefined, new Ledger(MOST));
  const both = [whole, cut];
  const [ends, next] = [
    [0, 0, 0],
    [0, 0, 0],
  ];
  let time = 0;
  for (const member of ['a', 'b', 'c'])
    for (const each of both) each.member(0, 'joined', member, [member.charCodeAt(0) - 97]);
  for (const { produced, read, member, commits, goesBack } of all) {
    for (let i = 0; i < produced; i++) {
      time += 0.001;
      const partition = i % 3;
      const offset = ends[partition]!++;
      const key = `customer-${(partition + offset) % 31}`;
      for (const each of both) each.record(time, 'produced', 'shop', partition, offset, key);
    }
    const partition = member.charCodeAt(0) - 97;
    next[partition] = Math.max(0, next[partition]! - goesBack);
    for (let i = 0; i < read && next[partition]! < ends[partition]!; i++) {
      const offset = next[partition]!++;
      const key = `customer-${(partition + offset) % 31}`;
      for (const kind of ['delivered', 'processed'] as const) {
        time += 0.001;
        for (const each of both) each.record(time, kind, member, partition, offset, key);
      }
    }
    time += 0.001;
    if (commits) for (const each of both) each.commit(time, member, partition, next[partition]!);
  }
  return { whole, cut };
}

test('what analyses tell is true for all records, or says for which, once detail is forgotten', () => {
  fc.assert(
    fc.property(stretches, (all) => {
      const { whole, cut } = written(all);
      const { topic, group } = cut;
      fc.pre(cut.ledger.trail('processed', { topic, group }).forgotten > 0);
      const [a, b] = [whole.ledger, cut.ledger];
      const { keptFrom } = b;
      const [some, rest] = [drain(a, group, topic), drain(b, group, topic)];
      const shares = (of: typeof some) => of.members.map(({ busy: _, ...share }) => share);
      expect({ ...rest, members: shares(rest) }).toEqual({
        ...some,
        members: shares(some),
        forgotten: b.trail('processed', { topic, group }).forgotten,
      });
      for (const [i, { busy }] of rest.members.entries())
        expect(busy).toBeLessThanOrEqual((some.members[i]?.busy ?? 0) + 1e-3);
      const late = drain(b, group, topic, { from: keptFrom - 1 });
      expect({ ...late, since: undefined }).toEqual(drain(a, group, topic, { from: keptFrom }));
      expect(late.since).toBe(keptFrom);
      expect(tally(b, group, topic)).toEqual(tally(a, group, topic));
      expect(isDrained(b, group, topic)).toBe(isDrained(a, group, topic));
      const judged = account(b, group, topic);
      const { outOfOrder, forgotten, ...counts } = judged;
      expect(account(a, group, topic)).toMatchObject(counts);
      expect(forgotten).toBeGreaterThan(0);
      const places = positions(a, group, topic);
      for (const [i, { lagSeconds, ...place }] of positions(b, group, topic).entries()) {
        expect(places[i]).toMatchObject(place);
        expect(lagSeconds).toBeLessThanOrEqual((places[i]?.lagSeconds ?? 0) + 1e-6);
      }
      expect(lagNow(b, group, topic)).toBe(lagNow(a, group, topic));
      const [first, ...points] = lagOverTime(b, group, topic);
      const meant = lagOverTime(a, group, topic);
      const since = meant.findIndex(({ time }) => time >= keptFrom);
      expect(points).toEqual(meant.slice(since));
      expect(first).toEqual({ time: keptFrom, lag: meant[since - 1]?.lag });
      const to = b.trail('processed', { topic, group }).last!;
      expect(load(b, group, topic, { from: 0, to })).toEqual(
        load(a, group, topic, { from: keptFrom, to }),
      );
    }),
    { numRuns: 6 },
  );
});
