import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import {
  account,
  fates,
  gaps,
  isDrained,
  keyText,
  Ledger,
  lagNow,
  lagOverTime,
  lagSamples,
  ownership,
  positions,
  tally,
} from '../../../lib/src/ledger/index.ts';
import { Trail } from '../../../lib/src/ledger/trails/trail.ts';
import { root } from '../../../lib/src/paths.ts';
import { at, History, longHistory, outageHistory } from '../../support/history.ts';

const RECORDS = 100_000;

test('100,000 records of a kilobyte, each produced, delivered, processed and committed, take less than 20 MB', () => {
  const module = pathToFileURL(join(root, 'lib', 'dist', 'ledger', 'index.js')).href;
  const script = `
    const { Ledger } = require(require('node:url').fileURLToPath('${module}'));
    const ledger = new Ledger();
    gc();
    const before = process.memoryUsage();
    for (let i = 0; i < ${RECORDS}; i++) {
      const place = { member: 'a', topic: 't', partition: i % 3, offset: Math.floor(i / 3), time: i };
      const key = Buffer.from('customer-' + i).toString();
      // A part of a longer text, too, would keep all of it.
      const value = i % 2 ? Buffer.alloc(1000, i) : ('order ' + i + ' ').repeat(100).slice(0, 50);
      ledger.values('t', place.partition).add(place.offset, value);
      ledger.record({ kind: 'produced', group: '', key, ...place });
      ledger.record({ kind: 'delivered', group: 'g', key, ...place });
      ledger.record({ kind: 'processed', group: 'g', key, ...place });
      ledger.record({ kind: 'committed', group: 'g', ...place, offset: place.offset + 1 });
    }
    gc();
    gc(); // the bytes of buffers that the first one found to be garbage are freed a little later
    const after = process.memoryUsage();
    const bytes = after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers;
    console.log(JSON.stringify({ bytes, kept: ledger.records('produced').length }));`;
  const output = execFileSync(process.execPath, ['--expose-gc', '-e', script], {
    encoding: 'utf8',
  });
  const { bytes, kept } = JSON.parse(output);
  expect(kept).toBe(RECORDS);
  expect(bytes / 1e6).toBeLessThan(20);
});

test('beyond its bound the ledger keeps counts of the oldest records, and each of them stays right', () => {
  const history = longHistory(5000, new Ledger(8000));
  const { ledger, group, topic } = history;
  history.record(9000, 'processed', 'b', 0, 7);
  expect(ledger.records('produced').length).toBeLessThan(5000);
  expect(tally(ledger, group, topic)).toMatchObject({
    produced: 5000,
    processed: 5000,
    missing: [],
    repeated: [{ partition: 0, offset: 7 }],
    byMember: { a: 5000, b: 1 },
  });
  const found = account(ledger, group, topic);
  expect(found).toMatchObject({ produced: 5000, processed: 5000, committed: 5000, skipped: [] });
  expect(found.forgotten).toBeGreaterThan(0);
  expect(ledger.records('processed').map(({ key }) => key)).toContain('customer-3');
});

const place = fc.record({ partition: fc.nat(2), offset: fc.nat(19) });

test('a ledger of many groups with few facts each does not look for something to forget at every fact', () => {
  const ledger = new Ledger(2000);
  const looks = vi.spyOn(Trail.prototype, 'forgetBefore');
  const fact = { kind: 'processed', member: 'a', topic: 't', partition: 0, key: null } as const;
  for (let offset = 0; offset < 100; offset++)
    for (let group = 0; group < 100; group++)
      ledger.record({ ...fact, time: at(offset), group: `g-${group}`, offset });
  expect(looks.mock.calls.length).toBeLessThan(10_000);
  looks.mockRestore();
});

test('a duplicate is found wherever it is put', () => {
  fc.assert(
    fc.property(
      place,
      fc.integer({ min: 2, max: 9 }),
      fc.double({ min: 0, max: 9, noNaN: true }),
      (twice, times, when) => {
        const history = steadyHistory();
        for (let i = 1; i < times; i++)
          history.record(when, 'processed', 'b', twice.partition, twice.offset);
        const { topic } = history;
        expect(account(history.ledger, history.group, topic).repeated).toEqual([
          { topic, ...twice, times },
        ]);
      },
    ),
  );
});

test('a lost record is never missed, and one still to come is not lost', () => {
  fc.assert(
    fc.property(place, fc.boolean(), (lost, isCommitted) => {
      const history = steadyHistory(
        ({ partition, offset }) => partition === lost.partition && offset === lost.offset,
      );
      const { ledger, group, topic } = history;
      const bookmark = isCommitted ? 20 : lost.offset;
      for (const partition of [0, 1, 2])
        history.commit(9, 'a', partition, partition === lost.partition ? bookmark : 20);
      expect(tally(ledger, group, topic).missing).toEqual([{ topic, ...lost }]);
      expect(isDrained(ledger, group, topic)).toBe(false);
      expect(account(ledger, group, topic).skipped).toEqual(
        isCommitted ? [{ topic, ...lost }] : [],
      );
    }),
  );
});

test('a record of a key that comes after a later one of that key is out of order', () => {
  fc.assert(
    fc.property(fc.nat(18), (early) => {
      const history = new History();
      const order = [...Array(20).keys()];
      const late = order.splice(early, 1)[0] as number;
      order.splice(early + 1, 0, late);
      for (let offset = 0; offset < 20; offset++)
        history.record(0, 'produced', 'shop', 0, offset, 'one key');
      for (const [i, offset] of order.entries())
        history.record(1 + i, 'processed', 'a', 0, offset, 'one key');
      const { ledger, group, topic } = history;
      expect(account(ledger, group, topic).outOfOrder).toEqual([
        {
          topic,
          partition: 0,
          offset: late,
          key: 'one key',
          after: { topic, partition: 0, offset: late + 1 },
        },
      ]);
      history.record(99, 'processed', 'a', 0, 3, 'one key');
      expect(account(ledger, group, topic).outOfOrder, 'a repeat is no disorder').toHaveLength(1);
    }),
  );
});

test('ownership never overlaps in a legal history', () => {
  const round = fc.record({
    pause: fc.integer({ min: 1, max: 50 }),
    members: fc.subarray(['a', 'b', 'c'], { minLength: 1 }),
  });
  fc.assert(
    fc.property(fc.array(round, { maxLength: 12 }), (rounds) => {
      const history = new History();
      let time = 0;
      let present: string[] = [];
      for (const { pause, members } of rounds) {
        for (const member of present)
          history.member((time += 0.01), members.includes(member) ? 'rebalancing' : 'left', member);
        time += pause / 100;
        present = members;
        for (const [i, member] of members.entries()) {
          const owned = [0, 1, 2, 3].filter((p) => p % members.length === i);
          history.member((time += 0.01), 'joined', member, owned);
        }
      }
      const spans = ownership(history.ledger, history.group);
      for (const [i, one] of spans.entries()) {
        for (const other of spans
          .slice(i + 1)
          .filter(({ partition }) => partition === one.partition)) {
          expect(one.to).toBeLessThanOrEqual(other.from);
        }
      }
      for (const { from, to = Infinity } of gaps(spans)) expect(to).toBeGreaterThan(from);
    }),
  );
});

test('positions: committed, position, start, end, and a lag in records and in seconds', () => {
  const history = new History();
  for (const offset of [5, 6, 7, 8]) history.record(offset, 'produced', 'shop', 0, offset);
  history.record(1, 'produced', 'shop', 1, 0);
  for (const offset of [5, 6]) history.record(10, 'delivered', 'a', 0, offset);
  history.commit(11, 'a', 0, 6);
  const { ledger, group, topic } = history;
  expect(positions(ledger, group, topic, at(20))).toEqual([
    {
      partition: 0,
      start: 5,
      committed: 6,
      position: 7,
      stable: 9,
      end: 9,
      lag: 3,
      lagSeconds: 14,
    },
    {
      partition: 1,
      start: 0,
      committed: undefined,
      position: 0,
      stable: 1,
      end: 1,
      lag: 1,
      lagSeconds: 19,
    },
  ]);
  expect(lagNow(ledger, group, topic)).toBe(4);
  expect(lagOverTime(ledger, group, topic).at(-1)?.lag).toBe(4);
});

test('lag over time keeps every peak, and grows older where nothing happens', () => {
  const { ledger, group, topic } = outageHistory();
  const points = lagOverTime(ledger, group, topic);
  const samples = lagSamples(ledger, group, topic, { from: at(0), to: at(5), slots: 50 });
  expect(Math.max(...samples.map(({ lag }) => lag))).toBe(
    Math.max(...points.map(({ lag }) => lag)),
  );
  expect(samples.find(({ time }) => time >= at(3.9))?.seconds).toBeCloseTo(3.4, 0);
  expect(samples.at(-1)).toMatchObject({ lag: 0, seconds: 0 });
});

test('the fate of a record', () => {
  const { ledger, group, topic } = outageHistory();
  const found = fates(ledger, group, topic);
  expect(found[2]).toEqual({
    topic,
    partition: 0,
    offset: 2,
    key: 'customer-2',
    time: at(0.5),
    produced: true,
    delivered: 2,
    processed: 2,
    committed: true,
    fate: 'produced',
  });
  expect(found).toHaveLength(20);
});

test('keys are told apart, whatever bytes they are of, and never longer than the ledger can bear', () => {
  expect(keyText(Buffer.from('käse'))).toBe('käse');
  expect(keyText(Buffer.from([0x61, 0xff]))).toBe('a\\xff');
  expect(keyText(Buffer.from([0x61, 0xfe]))).not.toBe(keyText(Buffer.from([0x61, 0xff])));
  const long = 'x'.repeat(1_000_000);
  expect(keyText(Buffer.from(long))?.length).toBeLessThan(200);
  expect(keyText(`${long}y`)).not.toBe(keyText(`${long}z`));
  expect(keyText(null)).toBeNull();
});

/** Twenty records in each of three partitions, all processed but those that are left out. */
function steadyHistory(
  isLeftOut: (place: { partition: number; offset: number }) => boolean = () => false,
): History {
  const history = new History();
  for (const partition of [0, 1, 2]) {
    for (let offset = 0; offset < 20; offset++) {
      history.record(0, 'produced', 'shop', partition, offset);
      if (!isLeftOut({ partition, offset }))
        history.record(1 + offset / 10, 'processed', 'a', partition, offset);
    }
  }
  return history;
}
