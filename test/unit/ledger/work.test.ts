import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tracked } from '../../../lib/src/charts/work/tracks.ts';
import {
  busyAtOnce,
  deliveredRecords,
  Ledger,
  type MemberFact,
  type RecordKind,
  type ShareKind,
  type UnnamedJob,
  workOf,
} from '../../../lib/src/ledger/index.ts';

const OF = { topic: 'jobs', group: 'workers' };

/** What a member did with a record, one thing after the other; what had no end, its member may have left. */
const turn = fc.record({
  worker: fc.constantFrom('a', 'b'),
  partition: fc.nat(1),
  offset: fc.nat(2),
  end: fc.constantFrom('processed' as const, 'failed' as const, undefined),
  took: fc.integer({ min: 1, max: 9 }),
  leaves: fc.boolean(),
});

test('a consumer group: each record that was handed over is a job, until its handler, its member or its turn ended', () => {
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 30 }), (turns) => {
      const ledger = new Ledger();
      const here = new Set<string>();
      const wanted: UnnamedJob[] = [];
      const counts = new Map<string, number>();
      let time = 1000;
      const member = (kind: MemberFact['kind'], worker: string) =>
        ledger.record({ kind, time, group: OF.group, member: worker, assignment: {} });
      const over = (isMeant: (job: UnnamedJob) => boolean) => {
        for (const job of wanted)
          if (job.to === undefined && isMeant(job))
            Object.assign(job, { to: time, end: 'unfinished' });
      };
      for (const { worker, partition, offset, end, took, leaves } of turns) {
        if (!here.has(worker)) member('joined', worker);
        here.add(worker);
        const tell = (kind: RecordKind) =>
          ledger.record({ kind, time, ...OF, member: worker, partition, offset, key: null });
        over((job) => job.worker === worker && job.partition === partition);
        const place = `${partition} ${offset}`;
        counts.set(place, (counts.get(place) ?? 0) + 1);
        const count = counts.get(place);
        tell('delivered');
        const from = time;
        time += took;
        if (end) tell(end);
        const job = { worker, name: `offset ${offset}`, partition, offset, count, from };
        wanted.push({ ...job, to: end && time, end });
        time += took;
        if (!leaves) continue;
        member(took % 2 ? 'left' : 'crashed', worker);
        here.delete(worker);
        over((one) => one.worker === worker);
        time++;
      }
      const { kind, jobs, present } = workOf(ledger, OF);
      expect(kind).toBe('consumer group');
      expect(jobs).toEqual(wanted);
      const now = present.filter(({ to }) => to === undefined).map(({ worker }) => worker);
      expect(now.sort()).toEqual([...here].sort());
      for (const { count, jobs: own } of deliveredRecords(ledger, OF).records)
        expect(own).toHaveLength(count);
    }),
  );
});

function shared(...told: [ShareKind, number, number][]): Ledger {
  const ledger = new Ledger();
  for (const [kind, deliveries, time] of told)
    ledger.record({ kind, time, ...OF, member: 'a', partition: 0, offset: 7, deliveries });
  return ledger;
}

test('a share group: what a member had when it crashed is released, and what was acquired tells its kind', () => {
  const ledger = shared(['acquired', 1, 10], ['accepted', 1, 20], ['acquired', 2, 30]);
  const who = { group: OF.group, member: 'a' };
  ledger.record({ kind: 'joined', time: 5, ...who, assignment: { [OF.topic]: [0] } });
  expect(workOf(ledger, OF).jobs[1]).toMatchObject({ to: undefined, end: undefined });
  ledger.record({ kind: 'crashed', time: 40, ...who });
  const { kind, jobs, idle } = workOf(ledger, OF);
  expect([kind, idle]).toEqual(['share group', []]);
  expect(jobs.map(({ from, to, end }) => [from, to, end])).toEqual([
    [10, 20, 'accepted'],
    [30, 40, 'released'],
  ]);
});

test.each<[ShareKind | undefined, number, number | undefined, boolean]>([
  ['released', 5, undefined, true],
  ['lock expired', 5, undefined, true],
  ['lock expired', 4, undefined, false],
  ['released', 2, 2, true],
  ['accepted', 5, undefined, false],
  ['rejected', 5, undefined, false],
  [undefined, 5, undefined, false],
])(
  'a delivery that ended %s, number %i, limit %s: nobody gets the record any more: %s',
  (end, count, limit, isSo) => {
    const ledger = shared(['acquired', count, 10]);
    const place = { member: 'a', partition: 0, offset: 7, deliveries: count };
    if (end) ledger.record({ kind: end, time: 20, ...OF, ...place });
    const { records } = deliveredRecords(ledger, OF, limit);
    expect(records).toMatchObject([{ count, offset: 7, isExhausted: isSo }]);
  },
);

test('a job is called by its key, else by its value, else by its offset', () => {
  const ledger = new Ledger();
  const place = { topic: OF.topic, partition: 0 };
  for (const [offset, key] of ['one', null, null].entries())
    ledger.record({ kind: 'produced', time: 1, group: '', member: 'shop', ...place, offset, key });
  ledger.values(OF.topic, 0).add(1, 'two');
  for (const [offset, key] of ['one', null, null, 'four'].entries()) {
    const by = { time: 2, member: 'a', group: OF.group };
    ledger.record({ kind: 'acquired', ...by, ...place, offset, deliveries: 1 });
    ledger.record({ kind: 'delivered', ...by, ...place, offset, key });
  }
  const names = workOf(ledger, OF).jobs.map(({ name }) => name);
  expect(names).toEqual(['one', 'two', 'offset 2', 'four']);
});

/** Spans of jobs, in order of their begins. */
const spans = fc
  .array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(30), fc.option(fc.nat(9))), {
    maxLength: 25,
  })
  .map((all) =>
    all
      .map(([worker, from, took]): UnnamedJob => {
        const to = took === null ? undefined : from + took;
        return { worker, count: 1, from, to, end: to === undefined ? undefined : 'processed' };
      })
      .sort((a, b) => a.from - b.from),
  );

test('how many worked at once is what a look at every moment finds', () => {
  fc.assert(
    fc.property(spans, (jobs) => {
      const at = (time: number) =>
        new Set(
          jobs
            .filter(({ from, to = Infinity }) => from <= time && time < to)
            .map(({ worker }) => worker),
        ).size;
      // Of no time are those that end as they begin.
      const lasting = jobs.filter(({ from, to }) => from !== to);
      const most = Math.max(0, ...Array.from({ length: 41 }, (_, time) => at(time)));
      expect(busyAtOnce(lasting)).toBe(most);
    }),
  );
});

test('no two jobs of a worker lie on each other, and none is left out that has room', () => {
  fc.assert(
    fc.property(spans, fc.integer({ min: 1, max: 7 }), (jobs, room) => {
      const placed = tracked(jobs, room);
      const most = Math.min(5, room);
      for (const [i, { job, track }] of placed.entries()) {
        expect(track).toBeLessThan(most);
        for (const other of placed.slice(0, i))
          if (other.job.worker === job.worker && other.track === track)
            expect(other.job.to ?? Infinity).toBeLessThanOrEqual(job.from);
      }
      for (const job of jobs.filter((one) => !placed.some((other) => other.job === one))) {
        const beside = placed.filter(
          ({ job: { worker, from, to = Infinity } }) =>
            worker === job.worker && from <= job.from && to > job.from,
        );
        expect(beside.length).toBeGreaterThanOrEqual(most);
      }
    }),
  );
});
