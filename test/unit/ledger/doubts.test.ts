import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DOUBTFUL } from '../../../lib/src/charts/drawing/palette.ts';
import { drawSvg } from '../../../lib/src/charts/drawing/svg.ts';
import {
  account,
  isDrained,
  Ledger,
  recordsInDoubt,
  tally,
} from '../../../lib/src/ledger/index.ts';
import { chartsOf } from '../../support/all-charts.ts';
import { at, History } from '../../support/history.ts';

function send({ ledger, topic }: History, n: number, partition: number, key = `k${n}`): void {
  ledger.record({
    ...{ kind: 'in doubt', time: at(n / 1000), group: '', member: 'hasty' },
    ...{ topic, partition, key },
  });
}

test('a read takes the record with its key out of doubt, at its place; others stay', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ partition: fc.nat(2), isThere: fc.boolean() }), { maxLength: 40 }),
      fc.nat(40),
      fc.boolean(),
      (records, reads, looks) => {
        const history = new History();
        const { ledger, group, topic } = history;
        for (const [n, { partition }] of records.entries()) send(history, n, partition);
        // Those that were lost on their way have no offset.
        const ends = [0, 0, 0];
        const stored = records
          .map(({ partition, isThere }, n) => ({ partition, isThere, key: `k${n}` }))
          .filter(({ isThere }) => isThere)
          .map((record) => ({ ...record, offset: ends[record.partition]!++ }));
        const read = stored.slice(0, reads);
        for (const [i, { partition, offset, key }] of read.entries()) {
          history.record(1 + i, 'delivered', 'a', partition, offset, key);
          if (looks) expect(recordsInDoubt(ledger, topic)).toBe(records.length - i - 1);
        }
        const left = records.length - read.length;
        expect(tally(ledger, group, topic)).toMatchObject({ produced: read.length, inDoubt: left });
        expect(account(ledger, group, topic)).toMatchObject({
          inDoubt: left,
          produced: read.length,
        });
        const found = ledger.records('produced', { topic });
        expect(
          found.map(({ partition, offset, key, member }) => [partition, offset, key, member]),
        ).toEqual(
          [...read]
            .sort((a, b) => Number(a.key.slice(1)) - Number(b.key.slice(1)))
            .map(({ partition, offset, key }) => [partition, offset, key, 'hasty']),
        );
      },
    ),
  );
});

test.each([
  ['before anybody looked', 1e6],
  ['while somebody looked now and then', 500],
])('a read takes a record out of doubt, its detail forgotten since, %s', (_, every) => {
  const history = new History(undefined, undefined, new Ledger(4000));
  const { ledger, group, topic } = history;
  const [doubtful, all] = [100, 8100];
  for (let n = 0; n < doubtful; n++) send(history, n, 0);
  for (let n = 0; n < all; n++) {
    if (n >= doubtful) history.record(1 + n, 'produced', 'shop', 0, n, `k${n}`);
    history.record(1 + n, 'delivered', 'a', 0, n, `k${n}`);
    if (n % every === 0) ledger.version;
  }
  expect(ledger.keptFrom).toBeGreaterThan(at(doubtful));
  expect(tally(ledger, group, topic)).toMatchObject({ produced: all, inDoubt: 0, refused: 0 });
});

test('every chart says that records are in doubt, and the log draws them apart', async () => {
  const history = new History();
  const { ledger, group, topic } = history;
  for (let n = 0; n < 3; n++) send(history, n, 1);
  expect(isDrained(ledger, group, topic)).toBe(true); // nobody waits for what may not be there
  const { assignment: _, ...all } = chartsOf(ledger, { topic, group });
  for (const [name, { text }] of Object.entries(all)) {
    expect
      .soft(text, name)
      .toContain(
        ' 3 records more are in doubt until somebody reads them: the broker did not tell an offset.',
      );
    expect.soft(text, name).not.toContain('empty');
  }
  const svg = await drawSvg(all.log.spec);
  expect(svg).toContain('partition 1');
  expect(svg.split(`fill="${DOUBTFUL}"`).length - 1).toBeGreaterThanOrEqual(3);
  for (let n = 0; n < 3; n++) history.record(1, 'delivered', 'a', 1, n, `k${n}`);
  for (const { text } of Object.values(chartsOf(ledger, { topic, group })))
    expect.soft(text).not.toContain('doubt');
});

test('of a hundred thousand in doubt the count is kept, and right when all are read', () => {
  const history = new History(undefined, undefined, new Ledger(30_000));
  const { ledger, topic } = history;
  const all = 100_000;
  for (let n = 0; n < all; n++) send(history, n, 0);
  expect(recordsInDoubt(ledger, topic)).toBe(all);
  for (let n = 0; n < all; n++) {
    history.record(200 + n / 1000, 'delivered', 'a', 0, n, `k${n}`);
    if (n % 20_000 === 0) expect(recordsInDoubt(ledger, topic)).toBe(all - n - 1);
  }
  expect(recordsInDoubt(ledger, topic)).toBe(0);
  expect(ledger.trail('produced', { topic }).distinct).toBe(all);
});

test('a record stays in doubt when it is forgotten where the log ended as it was sent', () => {
  const ledger = new Ledger(4000);
  const one = { group: '', member: 'shop', topic: 't', partition: 0 } as const;
  ledger.record({ ...one, kind: 'in doubt', time: 1, key: 'a' }); // it is at offset 0
  for (let offset = 1; offset <= 12_000; offset++)
    ledger.record({ ...one, kind: 'produced', time: 1 + offset, offset, key: null });
  expect(ledger.keptFrom).toBeGreaterThan(1);
  expect([[...ledger.inDoubt('t')], [...ledger.refused('t')]]).toEqual([[[0, 1]], []]);
});
