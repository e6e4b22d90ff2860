import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawSvg } from '../../../lib/src/charts/drawing/svg.ts';
import { replay } from '../../../lib/src/charts/replay/replay.ts';
import { MOST_CELLS } from '../../../lib/src/charts/replay/tape.ts';
import {
  type Fact,
  Ledger,
  lagNow,
  logFate,
  ownership,
  positions,
} from '../../../lib/src/ledger/index.ts';
import {
  at,
  History,
  longHistory,
  outageHistory,
  replayHistory,
  scalingHistory,
} from '../../support/history.ts';
import { Screen, sorted } from '../../support/screen.ts';

/** A ledger that keeps what it was told, so that another one can be told the beginning of it. */
class Told extends Ledger {
  readonly facts: Fact[] = [];

  override record(fact: Fact): void {
    this.facts.push(fact);
    super.record(fact);
  }

  upTo(time: number): Ledger {
    const ledger = new Ledger();
    for (const fact of this.facts) if (fact.time <= time) ledger.record(fact);
    return ledger;
  }
}

const MEMBERS = ['a', 'b', 'c'] as const;
const act = fc.record({
  what: fc.constantFrom(
    ...(['produce', 'produce', 'read', 'read', 'read', 'commit', 'deal', 'leave'] as const),
    ...(['move back', 'expire', 'write', 'end'] as const),
  ),
  partition: fc.nat(1),
  member: fc.constantFrom(...MEMBERS),
  many: fc.integer({ min: 1, max: 6 }),
  pause: fc.integer({ min: 1, max: 900 }),
  yes: fc.boolean(),
});
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

/** What ends at the very end is drawn like what goes on. */
const LAST: Act = {
  ...{ what: 'produce', partition: 0, member: 'a', many: 1, pause: 5, yes: true },
};

/** What two partitions and a group of three went through, as it is told: one thing after the other. */
function lived(acts: readonly Act[]) {
  const ledger = new Told();
  const history = new History(undefined, undefined, ledger);
  const [ends, next, starts] = [
    [0, 0],
    [0, 0],
    [0, 0],
  ] as [number[], number[], number[]];
  const open: { partition: number; offset: number }[] = [];
  const tell = (partition: number) => {
    const end = ends[partition]!;
    const pending = open.filter((of) => of.partition === partition).map(({ offset }) => offset);
    const log = { start: starts[partition]!, stable: Math.min(end, ...pending), end };
    const place = { topic: history.topic, partition, group: '' as const, member: 'lab' };
    ledger.record({ kind: 'log', time: at(tick()), ...place, ...log });
  };
  let seconds = 0;
  const tick = (milliseconds = 1) => (seconds += milliseconds / 1000);
  for (const { what, partition, member, many, pause, yes } of acts) {
    tick(pause);
    if (what === 'produce' || what === 'write')
      for (let n = 0; n < many; n++) {
        const offset = ends[partition]!++;
        const kind = what === 'write' ? 'pending' : 'produced';
        history.record(tick(), kind, 'shop', partition, offset);
        if (what === 'write') open.push({ partition, offset });
        // Who reads a log is told where it begins.
        if (offset === 0) tell(partition);
      }
    if (what === 'end')
      for (const of of open.splice(0))
        history.record(tick(), yes ? 'produced' : 'aborted', 'shop', of.partition, of.offset);
    if (what === 'read')
      for (let n = 0; n < many && next[partition]! < ends[partition]!; n++) {
        const offset = next[partition]!++;
        history.record(tick(), 'delivered', member, partition, offset);
        if (yes) history.record(tick(), 'processed', member, partition, offset);
      }
    if (what === 'commit') history.commit(tick(), member, partition, next[partition]!);
    if (what === 'move back') {
      next[partition] = Math.max(starts[partition]!, next[partition]! - many);
      history.commit(tick(), 'admin', partition, next[partition]!);
    }
    if (what === 'deal') history.member(tick(), 'joined', member, yes ? [0, 1] : [partition]);
    if (what === 'leave') history.member(tick(), yes ? 'left' : 'crashed', member);
    if (what === 'expire' && open.length === 0 && ends[partition]! > 0) {
      starts[partition] = Math.min(next[partition]!, starts[partition]! + many);
      tell(partition);
    }
  }
  return { ledger, topic: history.topic, group: history.group };
}

/** What the analyses say that a replay should show, of facts up to a moment. */
function meant(ledger: Ledger, { topic, group }: { topic: string; group: string }) {
  const done = ledger.records('processed', { topic, group });
  const records = new Map<string, string>();
  const marks = new Map<string, number>();
  for (const { partition, committed, position, end } of positions(ledger, group, topic)) {
    marks.set(`position ${partition}`, position).set(`end ${partition}`, end);
    if (committed !== undefined) marks.set(`committed ${partition}`, committed);
    for (let offset = 0; offset < end; offset++) {
      const fate = logFate(ledger, topic, partition, offset);
      const isGone = offset < (ledger.log(topic).get(partition)?.start ?? 0);
      if (fate === undefined || isGone) continue;
      const by = done.findLast((one) => one.partition === partition && one.offset === offset);
      const sign = fate === 'open' ? ' …' : fate === 'aborted' ? ' ×' : '';
      records.set(`${partition}/${offset}`, `${by?.member ?? 'nobody'}${sign}`);
    }
  }
  const owners = ownership(ledger, group)
    .filter((span) => span.topic === topic && span.to === undefined)
    .map(({ partition, member }) => `partition ${partition}: ${member}`);
  return {
    records: sorted(records),
    marks: sorted(marks),
    owners: owners.sort(),
    lag: lagNow(ledger, group, topic),
  };
}

test('at any moment a replay shows what the analyses say of all facts up to then', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { minLength: 20, maxLength: 40 }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
      async (acts, places) => {
        const { ledger, ...of } = lived([...acts, LAST]);
        const screen = await Screen.of(replay(ledger, of));
        const first = Math.min(...timesOf(ledger, of.topic));
        for (const place of [...places, 1]) {
          const t = await screen.moveTo(place);
          const until = place === 1 ? Infinity : first + t * 1000;
          expect(screen.shown(t), `at ${t} s`).toEqual(meant(ledger.upTo(until), of));
        }
        screen.close();
      },
    ),
    { numRuns: 12, endOnFailure: true },
  );
});

/** When what was recorded of the topic happened. */
const timesOf = (ledger: Told, topic: string) =>
  ledger.facts.flatMap((fact) =>
    'topic' in fact && fact.topic === topic && fact.kind !== 'log' ? fact.time : [],
  );

test('of a history as long as you like 200 records, 400 points of lag and 200 steps are drawn, and that is said', async () => {
  const { ledger, ...of } = longHistory(6000);
  const chart = replay(ledger, of);
  expect(chart.text).toContain('Of the log, one record in 50 is drawn.');
  const screen = await Screen.of(chart);
  const rows = screen.rows();
  const records = rows.filter((row) => 'key' in row);
  expect(records.length).toBe(120);
  expect(records.length).toBeLessThanOrEqual(MOST_CELLS);
  expect(records.every(({ offset }) => (offset as number) % 50 === 0)).toBe(true);
  const points = rows.filter((row) => 'lag' in row);
  expect(points.length).toBeGreaterThan(100);
  expect(points.length).toBeLessThanOrEqual(400);
  const halfway = await screen.moveTo(0.5);
  const { marks } = screen.shown(halfway);
  expect(marks['end 0']).toBeGreaterThan(900);
  expect(marks['end 0']).toBeLessThan(1100);
  screen.close();
  const twice = replay(longHistory(12_000).ledger, of);
  const [small, large] = [chart, twice].map(({ spec }) => JSON.stringify(spec).length) as number[];
  expect(large).toBeLessThan(60_000);
  expect(large! / small!).toBeLessThan(1.2);
});

test('with `from` a replay begins there, with what was the case then', async () => {
  const { ledger, ...of } = outageHistory();
  const chart = replay(ledger, { ...of, from: at(4) });
  expect(chart.text).toBe(
    'Replay of 0.85 s, group shipping on topic orders: a joins after 0.00 s; the lag is highest after 0.00 s; ' +
      'at the end 20 of 20 records are processed.',
  );
  const screen = await Screen.of(chart);
  const { records, marks, owners } = screen.shown(await screen.moveTo(0));
  expect(marks).toEqual({ 'committed 0': 2, 'end 0': 17, 'position 0': 4 });
  expect(records).toMatchObject({ '0/2': 'a', '0/3': 'a', '0/4': 'nobody', '0/16': 'nobody' });
  // What is committed, and does not come again, is not drawn.
  expect(Object.keys(records)[0]).toBe('0/10');
  expect(records).not.toHaveProperty('0/1');
  expect(owners).toEqual(['partition 0: a']);
  screen.close();
});

test('records that come again, and a bookmark that is moved back: who has had them last, and where the group reads on', async () => {
  const { ledger, ...of } = replayHistory();
  const screen = await Screen.of(replay(ledger, of));
  const before = screen.shown(await screen.moveTo(0.4));
  expect(before.marks).toMatchObject({ 'committed 0': 12, 'position 0': 12 });
  const moved = screen.shown(await screen.moveTo(0.42));
  expect(moved.marks).toMatchObject({ 'committed 0': 7 });
  const after = screen.shown(await screen.moveTo(1));
  expect([before, after].map(({ records }) => records['0/8'])).toEqual(['a', 'b']);
  expect(after.records['0/0']).toBe('a');
  screen.close();
});

test('of what only counts are kept a replay tells that, and not when it was', async () => {
  const { ledger, ...of } = longHistory(6000, new Ledger(3000));
  expect(ledger.keptFrom).toBeGreaterThan(0);
  const chart = replay(ledger, of);
  expect(chart.text).toMatch(/ The first \d\.\d\d s are left out: of them only counts are kept\./);
  const screen = await Screen.of(chart);
  const first = screen.shown(await screen.moveTo(0));
  const meantNow = positions(ledger, of.group, of.topic)[0]!;
  expect(first.marks['end 0']).toBeLessThan(meantNow.end);
  expect(screen.shown(await screen.moveTo(1)).marks['end 0']).toBe(meantNow.end);
  screen.close();
});

test('a reader of whom nothing is kept has a name of its own, and a record that it has read is none that nobody has', async () => {
  const ledger = new Ledger(3000);
  const history = new History(undefined, undefined, ledger);
  for (let offset = 0; offset < 1100; offset++) {
    history.record(offset / 1000, 'produced', 'shop', 0, offset);
    history.record(offset / 1000, 'processed', 'a', 0, offset);
  }
  history.commit(2, 'a', 0, 1);
  for (let n = 0; n < 6000; n++) history.record(3 + n / 1000, 'delivered', 'a', 0, 4);
  expect(ledger.trail('processed', history).forgotten).toBe(1024);
  const screen = await Screen.of(replay(ledger, history));
  const { records } = screen.shown(await screen.moveTo(1));
  expect(records).toMatchObject({ '0/10': 'not kept', '0/1020': 'not kept', '0/1030': 'a' });
  screen.close();
});

test('names and keys from outside are words, not expressions, and short', async () => {
  const nasty = `'"\u2028</script><img src=x onerror=alert(1)>\u0000`;
  const history = new History(nasty, nasty);
  history.member(0, 'joined', nasty, [0]);
  for (let offset = 0; offset < 3; offset++) {
    history.record(offset, 'produced', nasty, 0, offset, nasty.repeat(9));
    history.record(offset + 0.5, 'processed', nasty, 0, offset, nasty.repeat(9));
  }
  const chart = replay(history.ledger, history);
  expect(chart.text.length).toBeLessThan(300);
  expect(chart.text).not.toMatch(/\p{C}/u);
  const screen = await Screen.of(chart);
  const { records } = screen.shown(await screen.moveTo(0.5));
  expect(Object.values(records)).toEqual([nasty, 'nobody']);
  for (const { key } of screen.rows().filter((row) => 'key' in row))
    expect((key as string).length).toBeLessThanOrEqual(40);
  expect(await screen.view.toSVG()).not.toContain('<img');
  screen.close();
});

test.each([
  ['no fact', new History()],
  ['one fact', new History().record(0, 'produced', 'shop', 0, 0)],
  ['a member alone', new History().member(0, 'joined', 'a', [0])],
  ['offsets and times beyond all measure', far()],
])('%s is drawn, too', async (_, history) => {
  const { spec, text } = replay(history.ledger, history);
  expect(text.length).toBeGreaterThan(20);
  expect(JSON.stringify(spec).length).toBeLessThan(60_000);
  expect(await drawSvg(spec)).toContain('<svg');
});

function far(): History {
  const history = new History();
  const place = { topic: history.topic, group: '' as const, member: 'lab' };
  for (const [partition, end] of [2 ** 52, 10 ** 15, 7].entries())
    history.ledger.record({
      kind: 'log',
      time: 1,
      partition,
      ...place,
      start: 3,
      stable: end,
      end,
    });
  history.commit(1e9, 'a', 0, 2 ** 51).record(1, 'processed', 'a', 2, 5);
  return history.record(2, 'produced', 'shop', 0, 2 ** 52 - 1);
}

test('a slider that is let go on goes from its end to the start, and through to the end, where it stops', async () => {
  const { spec } = replay(scalingHistory().ledger, { ...scalingHistory(), from: at(4.2) });
  const screen = await Screen.of({ spec, text: '' });
  const { view } = screen;
  const seen: number[] = [];
  view.addSignalListener('t', (_, t: number) => seen.push(t));
  expect([view.signal('t'), view.signal('play')]).toEqual([0.05, false]);
  const ended = new Promise<void>((resolve) => {
    view.addSignalListener('play', (_, play: boolean) => {
      if (!play) resolve();
    });
  });
  await view.signal('play', true).runAsync();
  await ended;
  expect(seen).toEqual([0, 0.01, 0.02, 0.03, 0.04, 0.05]);
  expect(view.signal('t')).toBe(0.05);
  screen.close();
}, 20_000);
