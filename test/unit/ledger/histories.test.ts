import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import {
  account,
  isCommitted,
  isDrained,
  Ledger,
  lagNow,
  lagOverTime,
  logFates,
  positions,
  recordsLeft,
  tally,
  uncommitted,
} from '../../../lib/src/ledger/index.ts';
import { lived, step, yes } from '../../support/lives.ts';
import type { PartitionModel, Told, World } from '../../support/log-model.ts';

/** What is true, counted from the slots alone. */
function truth(all: PartitionModel[], topic: string) {
  const own = all.filter((of) => of.topic === topic);
  const fates = own.flatMap((of) => of.known.map((offset) => of.fate(offset)));
  const count = (...kinds: string[]) => fates.filter((fate) => kinds.includes(fate ?? '')).length;
  const sum = (of: (part: PartitionModel) => number) =>
    own.reduce((all, part) => all + of(part), 0);
  const places = (isMeant: (of: PartitionModel, offset: number, fate?: string) => boolean) =>
    own.flatMap((of) =>
      of.known
        .sort((a, b) => a - b)
        .filter((offset) => isMeant(of, offset, of.fate(offset)))
        .map((offset) => ({ topic, partition: of.partition, offset })),
    );
  const isProduced = (fate = '') => !['open', 'aborted'].includes(fate);
  return {
    produced: fates.length - count('open', 'aborted'),
    counts: Object.fromEntries(
      ['open', 'aborted', 'lost', 'expired', 'compacted', 'deleted'].map((fate) => [
        fate,
        count(fate),
      ]),
    ),
    sent: sum(({ sent, refused }) => sent + refused),
    refused: sum(({ refused }) => refused),
    neverAppended: sum(({ neverAppended }) => neverAppended),
    delivered: sum(({ delivered }) => delivered.size),
    processed: sum(({ processed }) => processed.size),
    missing: places((of, offset, fate) => fate === 'produced' && !of.processed.has(offset)),
    repeated: own.flatMap(({ partition, processed }) =>
      [...processed]
        .sort(([a], [b]) => a - b)
        .flatMap(([offset, times]) => (times > 1 ? [{ topic, partition, offset, times }] : [])),
    ),
    committed: places((of, offset, fate) => isProduced(fate) && offset < (of.bookmark ?? 0)).length,
    left: places((of, offset, fate) => fate === 'produced' && offset >= (of.bookmark ?? 0)).length,
    skipped: places(
      (of, offset, fate) =>
        isProduced(fate) &&
        offset < (of.bookmark ?? 0) &&
        !of.processed.has(offset) &&
        fate !== 'compacted' &&
        (!['expired', 'deleted'].includes(fate ?? '') || of.firstBookmark <= offset),
    ),
    uncommitted: own.flatMap(({ partition, processed, bookmark = 0, start, slots }) =>
      [...processed].flatMap(([offset, times]) =>
        offset >= Math.max(bookmark, start) && slots[offset]?.isThere
          ? Array.from({ length: times }, () => `${partition}/${offset}`)
          : [],
      ),
    ),
    positions: own
      .filter(({ hadRecords }) => hadRecords)
      .map(({ partition, start, stable, end, lag, bookmark }) => ({
        ...{ partition, start, stable, end, lag, committed: bookmark },
      })),
  };
}

/** `isWhole` false: the ledger has forgotten some detail. */
function expectTruth(ledger: Ledger, { partitions, topics, group }: World, isWhole = true): void {
  for (const topic of topics) {
    const { counts, ...is } = truth(partitions, topic);
    const { open, aborted, ...gone } = counts;
    const found = tally(ledger, group, topic);
    const { missing, processed, produced } = is;
    expect(found).toMatchObject({ produced, processed, missing, open, aborted });
    const { lost, expired, compacted, deleted } = gone;
    const repeated = is.repeated.map(({ times: _, ...place }) => place);
    expect(found.repeated).toEqual(repeated);
    const judged = account(ledger, group, topic);
    expect(judged).toMatchObject({
      ...{ produced, open, aborted, lost, expired, compacted, deleted },
    });
    const { delivered, committed, skipped } = is;
    expect(judged).toMatchObject({ delivered, processed, committed, skipped });
    expect(judged.repeated).toEqual(is.repeated);
    expect(judged.inDoubt + judged.refused).toBe(is.sent);
    expect(judged.refused).toBeGreaterThanOrEqual(is.refused);
    expect(judged.refused).toBeLessThanOrEqual(is.refused + is.neverAppended);
    expect(isDrained(ledger, group, topic)).toBe(missing.length === 0);
    expect(recordsLeft(ledger, group, topic)).toBe(is.left);
    expect(isCommitted(ledger, group, topic)).toBe(is.left === 0);
    expect(positions(ledger, group, topic)).toMatchObject(is.positions);
    expect(lagNow(ledger, group, topic)).toBe(is.positions.reduce((sum, { lag }) => sum + lag, 0));
    const again = uncommitted(ledger, group, topic).map((r) => `${r.partition}/${r.offset}`);
    // Only of records whose detail is kept it is known who processed them, and when.
    if (isWhole) expect(again.sort()).toEqual(is.uncommitted.sort());
    else expect(is.uncommitted).toEqual(expect.arrayContaining(again));
    expectFates(
      ledger,
      partitions.filter((of) => of.topic === topic),
    );
  }
}

function expectFates(ledger: Ledger, partitions: PartitionModel[]): void {
  for (const of of partitions) {
    const fateOf = logFates(ledger, of.topic);
    // Of what nobody knew, and left the log, nobody knows.
    const there = of.slots.map((_, offset) => offset).slice(of.start);
    for (const offset of new Set([...of.known, ...there]))
      expect([offset, fateOf(of.partition, offset)]).toEqual([offset, of.fate(offset)]);
  }
}

/** As far back as the detail is kept. */
function expectLags(ledger: Ledger, { lags, topics, group }: World): void {
  for (const topic of topics) {
    const points = lagOverTime(ledger, group, topic);
    for (const { time, lag } of lags) {
      if (time < ledger.keptFrom) continue;
      const point = points.findLast((each) => each.time <= time);
      expect([time, point?.lag ?? 0]).toEqual([time, lag.get(topic)]);
    }
  }
}

/** In ms, on a busy machine, too. The search for the smallest history that fails ends then: it would go on for many minutes. */
const LIMIT = 120_000;
vi.setConfig({ testTimeout: LIMIT });
fc.configureGlobal({ interruptAfterTimeLimit: LIMIT, markInterruptAsFailure: true });

const steps = fc.array(step, { maxLength: 60, size: 'max' });

test('on any history the ledger says what is true', () => {
  fc.assert(
    fc.property(steps, yes, (all, looks) => {
      const world = lived(all);
      const ledger = new Ledger();
      for (const { fact } of world.told) {
        ledger.record(fact);
        if (looks) ledger.log(world.topics[0] as string);
      }
      expectTruth(ledger, world);
      expectLags(ledger, world);
    }),
    { numRuns: 300 },
  );
});

/** What each process tells is in order; whose turn is next is any. */
function interleaved(told: Told[], turns: number[]): Told[] {
  const queues = (['producer', 'consumer', 'looker'] as const).map((by) =>
    told.filter((each) => each.by === by),
  );
  const found: Told[] = [];
  for (let n = 0; found.length < told.length; n++) {
    const queue = queues[turns[n % turns.length] as number] as Told[];
    const next = queue.shift() ?? queues.find((each) => each.length > 0)?.shift();
    if (next) found.push(next);
  }
  return found;
}

test('in whatever order processes tell of it', () => {
  const turns = fc.array(fc.nat(2), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(steps, turns, yes, (all, order, looks) => {
      const world = lived(all);
      const ledger = new Ledger();
      for (const { fact } of interleaved(world.told, order)) {
        ledger.record(fact);
        if (looks) ledger.log(world.topics[0] as string);
      }
      expectTruth(ledger, world);
      expectLags(ledger, world);
    }),
    { numRuns: 300 },
  );
});

test('and once it has forgotten the detail of the beginning, however often anybody has looked by then', () => {
  const many = fc.array(step, { minLength: 50, maxLength: 80, size: 'max' });
  fc.assert(
    fc.property(many, fc.constantFrom(50, 1e6), (all, every) => {
      const world = lived(all, 60);
      const ledger = new Ledger(4000);
      for (const [n, { fact }] of world.told.entries()) {
        ledger.record(fact);
        if (n % every === 0) ledger.version;
      }
      fc.pre(ledger.keptFrom > 0);
      expectTruth(ledger, world, false);
      expectLags(ledger, world);
    }),
    { numRuns: 6 },
  );
});
