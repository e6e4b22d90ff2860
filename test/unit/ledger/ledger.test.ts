import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  assignment,
  drain,
  gaps,
  type Handling,
  handlingFor,
  keyText,
  Ledger,
  ownership,
  presentMembers,
  type RecordFact,
  tally,
  writerFor,
} from '../../../lib/src/ledger/index.ts';
import { at, History, scalingHistory } from '../../support/history.ts';

test('what was recorded comes back as it was, oldest first', () => {
  const fact = fc.record<RecordFact>({
    kind: fc.constantFrom('produced', 'delivered', 'processed', 'failed'),
    time: fc.double({ min: 0, max: 1e13, noNaN: true }),
    group: fc.constantFrom('', 'billing', 'shipping'),
    member: fc.string(),
    topic: fc.string(),
    partition: fc.integer({ min: 0, max: 1000 }),
    offset: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
    key: fc.option(fc.string()),
  });
  fc.assert(
    fc.property(fc.array(fact, { size: 'large' }), (facts) => {
      const ledger = new Ledger();
      for (const each of facts) ledger.record(each);
      for (const kind of ['produced', 'delivered', 'processed', 'failed'] as const) {
        const found = ledger.records(kind);
        const times = found.map(({ time }) => time);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        // Facts of the same moment may come in any order.
        const meant = facts.filter((each) => each.kind === kind);
        expect(found.map(text).sort()).toEqual(meant.map(text).sort());
      }
    }),
    { numRuns: 50 },
  );
});

const text = ({ time, key, ...place }: RecordFact) =>
  JSON.stringify([time, key, Object.entries(place).sort()]);

test('it grows past its first capacity', () => {
  const { ledger, topic } = new History();
  const fact = { kind: 'produced', time: 1, group: '', member: 'm', topic, partition: 0 } as const;
  for (let offset = 0; offset < 5000; offset++) ledger.record({ ...fact, offset, key: null });
  expect(ledger.records('produced').map(({ offset }) => offset)).toEqual([...Array(5000).keys()]);
});

test('ownership: a rebalance ends what was owned, and the pause between is a gap', () => {
  const { ledger, group } = scalingHistory();
  const spans = ownership(ledger, group).map(({ member, partition, from, to }) => [
    member,
    partition,
    from,
    to,
  ]);
  expect(spans).toEqual([
    ['a', 0, at(0.5), at(2)],
    ['a', 1, at(0.5), at(2)],
    ['a', 2, at(0.5), at(2)],
    ['b', 1, at(2.2), undefined],
    ['a', 0, at(2.21), undefined],
    ['a', 2, at(2.21), undefined],
  ]);
  expect(
    gaps(ownership(ledger, group)).map(({ partition, from, to }) => [partition, from, to]),
  ).toEqual([
    [0, at(2), at(2.21)],
    [1, at(2), at(2.2)],
    [2, at(2), at(2.21)],
  ]);
  expect(assignment(ledger, group)).toEqual({ a: [0, 2], b: [1] });
});

test('a member that left or crashed owns nothing; one without partitions is there with none', () => {
  const history = new History().member(1, 'joined', 'a', [0]).member(1, 'joined', 'idle', []);
  expect(assignment(history.ledger, history.group)).toEqual({ a: [0], idle: [] });
  history.member(2, 'left', 'a').member(2, 'crashed', 'idle');
  expect(assignment(history.ledger, history.group)).toEqual({});
  expect(presentMembers(history.ledger, history.group)).toEqual([]);
  expect(gaps(ownership(history.ledger, history.group))).toMatchObject([
    { from: at(2), to: undefined },
  ]);
});

test('while two members have a partition it has an owner, whichever lets go first', () => {
  const { ledger, group } = new History()
    .member(1, 'joined', 'taken for dead', [0])
    .member(2, 'joined', 'heir', [0])
    .member(3, 'rebalancing', 'heir')
    .member(4, 'rebalancing', 'taken for dead')
    .member(5, 'joined', 'taken for dead', [0]);
  expect(gaps(ownership(ledger, group))).toMatchObject([{ from: at(4), to: at(5) }]);
});

test('the tally finds a record that is missing or repeated, wherever it is', () => {
  const place = fc.record({ partition: fc.nat(2), offset: fc.nat(9) });
  fc.assert(
    fc.property(place, place, (lost, twice) => {
      const history = new History();
      for (const partition of [0, 1, 2]) {
        for (let offset = 0; offset < 10; offset++) {
          history.record(0, 'produced', 'shop', partition, offset);
          const isLost = partition === lost.partition && offset === lost.offset;
          if (!isLost) history.record(1, 'processed', 'a', partition, offset);
        }
      }
      history.record(2, 'processed', 'b', twice.partition, twice.offset);
      const isSame = lost.partition === twice.partition && lost.offset === twice.offset;
      const found = tally(history.ledger, history.group, history.topic);
      const { topic } = history;
      expect(found.missing).toEqual(isSame ? [] : [{ topic, ...lost }]);
      expect(found.repeated).toEqual(isSame ? [] : [{ topic, ...twice }]);
    }),
  );
});

test('another group’s work is not counted', () => {
  const { ledger, topic } = scalingHistory();
  expect(tally(ledger, 'billing', topic)).toMatchObject({
    produced: 30,
    processed: 0,
    byMember: {},
  });
});

test('a drain: duration, shares, and total / largest share as its bound', () => {
  const { ledger, group, topic } = scalingHistory();
  const found = drain(ledger, group, topic);
  expect(found.records).toBe(30);
  expect(found.members.map(({ member, records }) => [member, records])).toEqual([
    ['a', 24],
    ['b', 6],
  ]);
  expect(found.bound).toBe(30 / 24);
  expect(found.members[1]?.busy).toBeCloseTo(6 * 50);
  expect(drain(ledger, 'nobody', topic)).toEqual({
    records: 0,
    duration: 0,
    members: [],
    bound: 0,
    forgotten: 0,
  });
});

test('what comes through a lane is what is recorded one by one, keys as bytes or as text', () => {
  const key = fc.oneof(
    fc.constantFrom('customer-1', 'customer-2', '', 'é', 'x'.repeat(300)),
    fc.uint8Array({ maxLength: 3 }).map((bytes) => Buffer.from(bytes)),
    fc.constant(null),
  );
  const fact = fc.record({
    kind: fc.constantFrom('produced', 'delivered', 'processed', 'failed'),
    time: fc.integer({ min: 0, max: 50 }),
    group: fc.constantFrom('', 'billing'),
    member: fc.constantFrom('a', 'b'),
    topic: fc.constantFrom('orders', 'bills'),
    partition: fc.nat(2),
    offset: fc.nat(2000),
    key,
  });
  fc.assert(
    fc.property(
      fc.array(fact, { size: 'large' }),
      fc.integer({ min: 50, max: 5000 }),
      (facts, most) => {
        const [one, many] = [new Ledger(most), new Ledger(most)];
        for (const { time, offset, key, ...of } of facts) {
          one.record({ ...of, time, offset, key: keyText(key) });
          writerFor(many, of).add(time, offset, key);
        }
        for (const kind of ['produced', 'delivered', 'processed', 'failed'] as const) {
          expect(many.records(kind)).toEqual(one.records(kind));
          for (const trail of one.trailsOf(kind)) {
            const same = many.trail(kind, trail);
            expect(same.partitions()).toEqual(trail.partitions());
            expect(same.byMember).toEqual(trail.byMember);
            expect([same.total, same.distinct]).toEqual([trail.total, trail.distinct]);
          }
        }
        expect(many.version).toBe(one.version);
      },
    ),
    { numRuns: 50 },
  );
});

test('a lane that nothing comes through tells of no partition', () => {
  const ledger = new Ledger();
  writerFor(ledger, { kind: 'processed', group: 'g', member: 'a', topic: 't', partition: 4 });
  expect(ledger.trail('processed', { group: 'g', topic: 't' }).partitions()).toEqual([]);
});

test('records through a handler are what is recorded one by one, also if the ledger forgets in between', () => {
  const work = fc.record({
    partition: fc.nat(2),
    offset: fc.nat(2000),
    key: fc.option(fc.constantFrom('a', 'customer-1', 'é', 'x'.repeat(57), 'y'.repeat(300))),
    ends: fc.constantFrom('processed', 'failed'),
    /** What others do while it is in its handler: each with a key of its own. */
    meanwhile: fc.nat(600),
  });
  fc.assert(
    fc.property(fc.array(work, { minLength: 4, maxLength: 8 }), (all) => {
      const [one, many] = [new Ledger(5000), new Ledger(5000)];
      const handlings = new Map<number, Handling>();
      const same = { group: 'g', member: 'a', topic: 't' };
      let time = 0;
      let other = 0;
      const produce = (records: number) => {
        for (let i = 0; i < records; i++) {
          const place = { ...same, partition: 9, offset: other, key: `other-${other++}` };
          time++;
          for (const ledger of [one, many])
            ledger.record({ ...place, kind: 'produced', group: '', time });
        }
      };
      produce(4900);
      for (const { partition, offset, key, ends, meanwhile } of all) {
        const handling = handlings.get(partition) ?? handlingFor(many, { ...same, partition });
        handlings.set(partition, handling);
        const fact = { ...same, partition, offset, key: keyText(key) };
        one.record({ ...fact, kind: 'delivered', time: ++time });
        handling.delivered(time, { offset: String(offset), key: key && Buffer.from(key) });
        produce(meanwhile);
        one.record({ ...fact, kind: ends, time: ++time });
        handling[ends](time);
      }
      for (const kind of ['produced', 'delivered', 'processed', 'failed'] as const)
        expect(many.records(kind)).toEqual(one.records(kind));
    }),
    { numRuns: 6 },
  );
});

test('quick records that follow one another are what is recorded one by one, whoever looks in between', () => {
  const KEYS = [null, 'a', 'customer-1', 'é', 'y'.repeat(300)];
  const stretch = fc.record({
    partitions: fc.subarray([0, 1, 2], { minLength: 1 }),
    records: fc.oneof(fc.nat(3), fc.nat(1300)),
    looksAt: fc.nat(1300),
    /** Compaction and transactions leave gaps between offsets. */
    gap: fc.record({ every: fc.integer({ min: 1, max: 2000 }), of: fc.nat(700) }),
    /** Somebody went back: these offsets come once more. */
    back: fc.nat(900),
    /** Where somebody else tells of the same topic, by a clock that is ahead or not. */
    others: fc.record({ at: fc.nat(1300), ahead: fc.constantFrom(0.25, 3.5) }),
    ends: fc.constantFrom('processed', 'failed'),
  });
  fc.assert(
    fc.property(fc.array(stretch, { maxLength: 4 }), (stretches) => {
      const [one, many] = [new Ledger(), new Ledger()];
      const same = { group: 'g', member: 'a', topic: 't' };
      const lanes = [0, 1, 2].map((partition) => {
        const of = { ...same, partition };
        return { of, handling: many.handling(of), offset: 0, key: null as string | null };
      });
      let time = 0;
      const tell = (lane: (typeof lanes)[number], kind: 'delivered' | 'processed' | 'failed') =>
        one.record({ ...lane.of, kind, time, offset: lane.offset, key: keyText(lane.key) });
      for (const { partitions, records, looksAt, gap, back, others, ends } of stretches) {
        const those = partitions.map((partition) => lanes[partition] as (typeof lanes)[number]);
        for (const lane of those) lane.offset = Math.max(0, lane.offset - back);
        for (let i = 0; i <= records; i++) {
          for (const lane of those) {
            time++;
            if (i > 0) tell(lane, 'processed');
            lane.offset += (i + 1) % gap.every === 0 ? 1 + gap.of : 1;
            lane.key = KEYS[time % KEYS.length] as string | null;
            tell(lane, 'delivered');
            const bytes = lane.key === null ? null : Buffer.from(lane.key);
            lane.handling[i > 0 ? 'next' : 'delivered'](time, {
              offset: `${lane.offset}`,
              key: bytes,
            });
          }
          if (i === others.at) {
            const fact = { ...same, partition: 9, offset: i, key: 'a', time: time + others.ahead };
            for (const ledger of [one, many]) ledger.record({ ...fact, kind: 'delivered' });
          }
          if (i === looksAt) expect(many.version).toBe(one.version);
        }
        for (const lane of those) {
          time++;
          tell(lane, ends);
          lane.handling[ends](time);
        }
      }
      for (const kind of ['delivered', 'processed', 'failed'] as const) {
        expect(many.records(kind)).toEqual(one.records(kind));
        for (const trail of one.trailsOf(kind)) {
          const other = many.trail(kind, trail);
          expect([other.total, other.distinct]).toEqual([trail.total, trail.distinct]);
          for (const n of trail.partitions()) {
            const [some, same] = [other.offsets(n), trail.offsets(n)];
            expect([...some.entries()]).toEqual([...same.entries()]);
            expect([some.repeated, some.lowest, some.highest]).toEqual([
              same.repeated,
              same.lowest,
              same.highest,
            ]);
          }
          expect([0, 1, 2].map((n) => other.newest(n))).toEqual(
            [0, 1, 2].map((n) => trail.newest(n)),
          );
        }
      }
    }),
    { numRuns: 30 },
  );
});

test('where nobody looked at the clock the next time that is told counts, or when somebody looks at the ledger', () => {
  const step = fc.record({ took: fc.integer({ min: 1, max: 5 }), isRead: fc.boolean() });
  const steps = fc.array(step, { minLength: 1, maxLength: 400 });
  fc.assert(
    fc.property(steps, fc.nat(500), fc.boolean(), (all, looksAt, isPassed) => {
      let time = 1;
      const ledger = new Ledger(undefined, () => time);
      const handling = ledger.handling({ group: 'g', member: 'a', topic: 't', partition: 0 });
      const wanted = [1];
      let untold = 0;
      const tell = () => {
        for (; untold > 0; untold--) wanted.push(time);
      };
      handling.delivered(time, { offset: '0', key: null });
      for (const [i, { took, isRead }] of all.entries()) {
        time += took;
        untold++;
        handling.next(isRead ? time : NaN, { offset: String(i + 1), key: null });
        if (isRead || i === looksAt) tell();
        if (i === looksAt) expect(ledger.records('delivered')).toHaveLength(i + 2);
      }
      time++;
      if (isPassed) {
        handling.passed(time);
        tell();
      }
      handling.processed(++time);
      tell();
      const times = (kind: 'delivered' | 'processed') => ledger.records(kind).map((r) => r.time);
      expect(times('delivered')).toEqual(wanted);
      expect(times('processed')).toEqual([...wanted.slice(1), time]);
    }),
  );
});

test('a ledger that forgets in the middle of quick records keeps their counts and the newest of their keys', () => {
  const ledger = new Ledger(10_000);
  const handling = ledger.handling({ group: 'g', member: 'a', topic: 't', partition: 0 });
  const all = 40_000;
  const of = { kind: 'produced', group: '', member: 'p', topic: 't', partition: 0 } as const;
  const lane = writerFor(ledger, of);
  handling.delivered(0, { offset: '0', key: 'key-0' });
  for (let n = 1; n < all; n++) {
    if (n % 700 === 0) ledger.record({ ...of, time: n, offset: n, key: `key-${n}` });
    if (n % 777 === 0) lane.add(n, n, `key-${n}`);
    handling.next(n, { offset: `${n}`, key: Buffer.from(`key-${n}`) });
  }
  handling.processed(all);
  for (const kind of ['delivered', 'processed'] as const) {
    const trail = ledger.trail(kind, { group: 'g', topic: 't' });
    expect([trail.total, trail.distinct]).toEqual([all, all]);
    expect(trail.length).toBeLessThan(6000);
    expect(ledger.records(kind).at(-1)?.offset).toBe(all - 1);
  }
  for (const kind of ['delivered', 'processed', 'produced'] as const) {
    const told = ledger.records(kind);
    expect(told.length).toBeGreaterThan(0);
    expect(told.map(({ key }) => key)).toEqual(told.map(({ offset }) => `key-${offset}`));
  }
});
