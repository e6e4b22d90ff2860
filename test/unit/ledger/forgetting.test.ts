import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backlog, waiting } from '../../../lib/src/charts/backlog.ts';
import type { Chart } from '../../../lib/src/charts/drawing/chart.ts';
import { lag } from '../../../lib/src/charts/lag/lag.ts';
import { route } from '../../../lib/src/charts/route/route.ts';
import { throughput } from '../../../lib/src/charts/throughput.ts';
import {
  type Alarm,
  account,
  alarms,
  delays,
  deliveredRecords,
  drain,
  isDrained,
  Ledger,
  lagNow,
  lagOverTime,
  load,
  namer,
  positions,
  rewinds,
  speedup,
  tally,
} from '../../../lib/src/ledger/index.ts';
import { chartsOf, type LedgerChart, LIMITS } from '../../support/all-charts.ts';
import { at, History } from '../../support/history.ts';

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
      const key = `c-${(partition + offset) % 5}`;
      for (const each of both) each.record(time, 'produced', 'shop', partition, offset, key);
    }
    const partition = member.charCodeAt(0) - 97;
    next[partition] = Math.max(0, next[partition]! - goesBack);
    for (let i = 0; i < read && next[partition]! < ends[partition]!; i++) {
      const offset = next[partition]!++;
      const key = `c-${(partition + offset) % 5}`;
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

/** A sentence without what it says of itself. */
const plain = ({ text }: Chart) =>
  text
    .replace(/ \d+ of \d+ records are drawn: .*$/, '')
    .replace(/ Of the oldest \d+ records only counts are kept\./, '')
    .replace(/ Of the first [\d.]+ s only counts are kept: they are not drawn\./, '');

interface Pair extends Both {
  a: Chart;
  b: Chart;
  keptFrom: number;
}

/** What a chart says is true for all records, as if none were forgotten. */
const isSame = ({ a, b }: Pair) => expect(plain(b)).toBe(plain(a));

/** What a chart says is about those records whose detail is kept, and it says so: as if there had been no others. */
const isOfNewest =
  (name: 'keys' | 'moves' | 'versions') =>
  ({ b, cut }: Pair) => {
    const { topic, group } = cut;
    const newest = new Ledger();
    for (const fact of cut.ledger.records('produced')) newest.record(fact);
    const { length } = cut.ledger.trail('produced', { topic });
    const meant = plain(chartsOf(newest, { topic, group })[name]);
    expect(plain(b)).toBe(`Of the newest ${length} records: ${meant}`);
  };

const number = (text: string, pattern: RegExp) => Number(pattern.exec(text)?.[1]);

const pick = ({ spans, peak }: Alarm) => ({ spans, peak });
type Span = Alarm['spans'][number];
const holds = (one: Span, other: Span) => one.from <= other.from && other.to <= one.to;

/** The same of charts about deliveries: as if the earlier ones had been none, up to `until`. */
const isOfNewestDeliveries = (name: 'workers' | 'deliveries', { b, cut }: Pair, until = '.') => {
  const { topic, group } = cut;
  const newest = new Ledger();
  for (const fact of cut.ledger.members()) newest.record(fact);
  for (const kind of ['delivered', 'processed'] as const)
    for (const fact of cut.ledger.records(kind)) newest.record(fact);
  const { length } = cut.ledger.trail('delivered', { topic, group });
  const [meant, told] = [chartsOf(newest, { topic, group })[name], b].map((chart) => plain(chart));
  const upTo = (text = '') => text.slice(0, text.lastIndexOf(until) + 1);
  expect(upTo(told)).toBe(`Of the newest ${length} deliveries: ${upTo(meant)}`);
};

/** Every chart: what it says once a part of the detail is forgotten. */
const SAYS: Record<LedgerChart, (pair: Pair) => void> = {
  assignment: (pair) => {
    isSame(pair);
    const label = /"label":"a: at least (\d+) record/;
    const known = number(JSON.stringify(pair.b.spec), label);
    const all = number(JSON.stringify(pair.a.spec), /"label":"a: (\d+) record/);
    if (Number.isFinite(all)) expect(known).toBeLessThanOrEqual(all);
  },
  log: isSame,
  bookmark: ({ a, b, cut }) => {
    const often = (text: string) => text.slice(0, text.indexOf('. ') + 1);
    expect(often(b.text)).toBe(often(a.text));
    const { forgotten, length } = cut.ledger.trail('committed', cut);
    const whose = forgotten > 0 ? `Among its newest ${length} commits the` : 'Its';
    expect(b.text).toContain(`. ${whose} bookmark was `);
  },
  backlog: isSame,
  waiting: isSame,
  throughput: isSame,
  copies: isSame,
  workers: (pair) => isOfNewestDeliveries('workers', pair),
  deliveries: (pair) => {
    isOfNewestDeliveries('deliveries', pair, ';');
    // How often a record came is counted for ever.
    const { ledger, ...of } = pair.whole;
    const { records } = deliveredRecords(ledger, of);
    const nameOf = namer(ledger, of);
    const all = new Set(
      records.map(({ jobs: [job], count }) => `${nameOf(job)} ${count} times (processed)`),
    );
    const named = pair.b.text.match(/c-\d \d+ times \(\w+\)/g) ?? [];
    for (const one of named) expect(all).toContain(one);
    expect(named.length).toBeGreaterThan(0);
  },
  depth: isSame,
  replicas: isSame,
  keys: isOfNewest('keys'),
  moves: isOfNewest('moves'),
  versions: isOfNewest('versions'),
  lag: ({ a, b, whole, keptFrom }) => {
    const points = lagOverTime(whole.ledger, whole.group, whole.topic);
    const since = points.findLastIndex(({ time }) => time <= keptFrom);
    const peak = Math.max(...points.slice(since).map((point) => point.lag));
    expect(number(b.text, / s on a lag of at most (\d+) records?,/)).toBe(peak);
    const age = / (?:most|least) ([\d.]+) s old/;
    expect(number(b.text, age)).toBeLessThanOrEqual(number(a.text, age));
    const now = / has (\d+) now/;
    expect(number(b.text, now)).toBe(number(a.text, now));
  },
  alarms: ({ whole, cut, keptFrom }) => {
    const [all, known] = [whole, cut].map(({ ledger, group, topic }) =>
      alarms(ledger, group, topic, { limits: LIMITS, from: keptFrom }),
    ) as [Alarm[], Alarm[]];
    for (const [i, { alarm, spans, peak }] of known.entries()) {
      const meant = all[i] as Alarm;
      // When something was produced or committed may be forgotten: then an alarm on time comes later.
      if (alarm === 'sum' || alarm === 'largest') expect({ spans, peak }).toEqual(pick(meant));
      else for (const span of spans) expect(meant.spans.some((one) => holds(one, span))).toBe(true);
    }
  },
  replay: ({ a, b }) => {
    const end = / at the end (\d+ of \d+) records are processed\./;
    expect(end.exec(b.text)?.[1]).toBe(end.exec(a.text)?.[1]);
    expect(b.text).toContain(' s are left out: of them only counts are kept.');
  },
  route: ({ whole, cut }) => {
    const [all, known] = [whole, cut].map(({ ledger, topic, group }) => {
      const { text } = route(ledger, { topics: [topic], groups: [group], key: 'c-0' });
      return number(text, / (\d+) processed/) || 0;
    }) as [number, number];
    expect(all).toBeGreaterThan(0);
    expect(known).toBeLessThanOrEqual(all);
  },
  order: ({ a, b }) => {
    const total = / processed (\d+) records: /;
    expect(number(b.text, total)).toBe(number(a.text, total));
    expect(number(b.text, / of the (\d+) whose order is known /)).toBeLessThan(
      number(a.text, total),
    );
  },
  ledger: ({ a, b }) => {
    const order = /\d+ out of order within a key( among the newest \d+)?/;
    expect(order.exec(b.text)?.[1]).toBeDefined();
    expect(plain(b).replace(order, '')).toBe(plain(a).replace(order, ''));
  },
};

// Each history by itself: all charts of six take long.
test.for([1, 2, 3, 4, 5, 6])(
  'what charts say is true for all records, or says for which, once detail is forgotten: history %i',
  () => {
    fc.assert(
      fc.property(stretches, (all) => {
        const both = written(all);
        const { ledger, topic, group } = both.cut;
        fc.pre(ledger.trail('processed', { topic, group }).forgotten > 0);
        const samples = [0, 1000].map((seconds) => ({
          time: at(seconds),
          queued: 0,
          start: 0,
          end: 0,
        }));
        const [a, b] = [
          chartsOf(both.whole.ledger, { topic, group }, samples),
          chartsOf(ledger, { topic, group }, samples),
        ];
        for (const [name, says] of Object.entries(SAYS) as [LedgerChart, (pair: Pair) => void][]) {
          says({ ...both, a: a[name], b: b[name], keptFrom: ledger.keptFrom });
          // Who was where is never forgotten.
          if (name !== 'assignment')
            expect.soft(b[name].text, name).toContain(' only counts are kept');
        }
      }),
      { numRuns: 1, endOnFailure: true },
    );
  },
);

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
      const [moves, before] = [rewinds(b, group, topic), rewinds(a, group, topic)];
      const kept = b.trail('committed', { group, topic });
      const rows = Array.from({ length: kept.length }, (_, i) => i);
      // Of the first commit of a partition that is kept it is not known whether it went back.
      const isKnown = ({ partition, time }: (typeof before)[number]) =>
        rows.findIndex((i) => kept.partition(i) === partition) <
        rows.findIndex((i) => kept.partition(i) === partition && kept.time(i) === time);
      expect(moves).toEqual(before.filter(isKnown));
      const [first, ...points] = lagOverTime(b, group, topic);
      const meant = lagOverTime(a, group, topic);
      const since = meant.findIndex(({ time }) => time >= keptFrom);
      expect(points).toEqual(meant.slice(since));
      expect(first).toEqual({ time: keptFrom, lag: meant[since - 1]?.lag });
      const to = b.trail('processed', { topic, group }).last!;
      expect(load(b, group, topic, { from: 0, to })).toEqual(
        load(a, group, topic, { from: keptFrom, to }),
      );
      for (const measure of [delays, speedup])
        expect(measure(b, group, topic, { from: 0, to })).toEqual(
          measure(a, group, topic, { from: keptFrom, to }),
        );
    }),
    { numRuns: 6, endOnFailure: true },
  );
});

test('what happened since a moment is told of what is kept since then; else the sentence says what is left out', () => {
  fc.assert(
    fc.property(stretches, (all) => {
      const { whole, cut } = written(all);
      const { topic, group } = cut;
      const { keptFrom } = cut.ledger;
      fc.pre(cut.ledger.trail('processed', { topic, group }).forgotten > 0);
      for (const draw of [throughput, waiting]) {
        const said = (ledger: Ledger, from: number) => plain(draw(ledger, { topic, group, from }));
        expect(said(cut.ledger, keptFrom + 1)).toBe(said(whole.ledger, keptFrom + 1));
        expect(said(cut.ledger, keptFrom - 500)).toBe(
          `${said(whole.ledger, keptFrom)} The first 0.50 s are left out: of them only counts are kept.`,
        );
      }
    }),
    { numRuns: 4, endOnFailure: true },
  );
});

test('records beyond the bound that are produced, then processed by two groups: the figures of the whole', () => {
  const { ledger, topic, group } = new History(undefined, undefined, new Ledger(40_000));
  const all = 30_000;
  const add = (
    kind: 'produced' | 'delivered' | 'processed',
    who: string,
    of: string,
    from: number,
  ) => {
    const lane = ledger.writer({ kind, group: of, member: who, topic, partition: 0 });
    for (let offset = 0; offset < all; offset++) lane.add(at(from + offset / 1000), offset, 'k');
  };
  add('produced', 'shop', '', 0);
  add('delivered', 'a', group, 30);
  add('processed', 'a', group, 30.0005);
  const said = [
    backlog(ledger, { topic, groups: [group] }),
    throughput(ledger, { topic, group }),
    lag(ledger, { topic, groups: [group] }),
  ].map(({ text }) => text);
  expect(said[0]).toContain(`shipping processed ${all} records in 30.00 s (a ${all}).`);
  expect(said[1]).toContain(`Group shipping processed ${all} records in 30.00 s: a ${all}.`);
  expect(said[2]).toContain(`a lag of at most ${all} records`);
});
