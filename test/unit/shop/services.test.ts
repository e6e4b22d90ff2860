import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type Fact,
  FactFile,
  FactReader,
  Ledger,
  load,
  openBatches,
  uncommitted,
} from '../../../lib/src/ledger/index.ts';
import { root } from '../../../lib/src/paths.ts';
import { orderAt, orderEvents } from '../../../lib/src/shop/order.ts';
import { orderSchema, parseOrder } from '../../../lib/src/shop/schema.ts';
import { at, History } from '../../support/history.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'facts-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const place = fc.record({ seed: fc.integer(), n: fc.nat({ max: 100_000 }) });

test('the same seed gives the same orders, in whatever order they are asked for', () => {
  const first = orderEvents({ seed: 8 });
  const again = orderEvents({ seed: 8 });
  const places = Array.from({ length: 200 }, (_, n) => n);
  expect(places.reverse().map(again).reverse()).toEqual(places.reverse().map(first));
  expect(places.map(orderEvents({ seed: 9 }))).not.toEqual(places.map(first));
});

test('an order fits its schema, and its record has the customer for a key', () => {
  fc.assert(
    fc.property(place, ({ seed, n }) => {
      const { key, value } = orderEvents({ seed })(n);
      expect(parseOrder(Buffer.from(value))).toEqual(orderAt(seed, n));
      expect(key).toBe(orderAt(seed, n).customer);
    }),
  );
});

test('customers, items and quantities all occur', () => {
  const orders = Array.from({ length: 500 }, (_, n) => orderAt(1, n));
  const different = (values: unknown[]) => new Set(values).size;
  expect(different(orders.map(({ customer }) => customer))).toBe(12);
  expect(different(orders.map(({ item }) => item))).toBe(5);
  expect(different(orders.map(({ quantity }) => quantity))).toBe(4);
  expect(different(orders.map(({ id }) => id))).toBe(500);
});

test.each([
  ['no text', null],
  ['no JSON', '{"id":'],
  ['no customer', '{"id":"o-1","item":"mug","quantity":1,"total":890}'],
  ['half a mug', JSON.stringify({ ...orderAt(1, 0), quantity: 0.5 })],
  ['money of less than nothing', JSON.stringify({ ...orderAt(1, 0), total: -1 })],
])('%s is no order', (_, text) => {
  expect(() => parseOrder(text === null ? null : Buffer.from(text))).toThrow(
    'This is not an order',
  );
});

test('a field that the schema does not know is left alone', () => {
  const order = { ...orderAt(1, 0), voucher: 'TEA10' };
  expect(orderSchema.parse(order)).toEqual(order);
});

const fact = (offset: number, key = 'jun'): Fact => ({
  kind: 'processed',
  time: offset,
  group: 'g',
  member: 'm',
  topic: 't',
  partition: 0,
  offset,
  key,
});

test('facts are read as they were written, while they are being written', () => {
  const path = join(folder, 'facts');
  const reader = new FactReader(path);
  const file = new FactFile(path);
  expect([...reader.read()]).toEqual([]);
  file.record(fact(0, 'zoë \u{1F375}'));
  expect([...reader.read()]).toEqual([fact(0, 'zoë \u{1F375}')]);
  const many = Array.from({ length: 2000 }, (_, n) => fact(n, 'ö'.repeat(40)));
  for (const one of many) file.record(one);
  expect([...reader.read()]).toEqual(many);
  reader.close();
});

test('a line is read once it is whole, wherever it was cut', () => {
  const line = Buffer.from(`${JSON.stringify(fact(1, 'zoë'))}\n`);
  for (let cut = 0; cut < line.length; cut++) {
    const path = join(folder, `cut-${cut}`);
    const reader = new FactReader(path);
    new FactFile(path).record(fact(0));
    appendFileSync(path, line.subarray(0, cut));
    expect([...reader.read()]).toEqual([fact(0)]);
    appendFileSync(path, line.subarray(cut));
    expect([...reader.read()]).toEqual([fact(1, 'zoë')]);
    reader.close();
  }
});

test('facts outlive their process to the last line, however it ends', () => {
  const path = join(folder, 'killed');
  const reader = new FactReader(path);
  const script = `
    const { FactFile } = require(${JSON.stringify(join(root, 'lib', 'dist', 'ledger', 'index.js'))});
    const file = new FactFile(${JSON.stringify(path)});
    for (let offset = 0; offset < 500; offset++) file.record({ kind: 'processed', offset });
    process.kill(process.pid, 'SIGKILL');`;
  expect(() => execFileSync(process.execPath, ['-e', script])).toThrow('SIGKILL');
  expect([...reader.read()].at(-1)).toMatchObject({ offset: 499 });
  reader.close();
});

test('a fact that comes late goes where its time is', () => {
  const { ledger, group } = new History()
    .member(2, 'rebalancing', 'a')
    .member(1, 'joined', 'b', [0])
    .member(2, 'left', 'b');
  expect(ledger.members({ group }).map(({ kind }) => kind)).toEqual([
    'joined',
    'rebalancing',
    'left',
  ]);
});

test('uncommitted are the records processed beyond the committed offset; an open batch counts its own', () => {
  const history = new History();
  const { ledger, group, topic } = history;
  const batch = (seconds: number, partition: number, offset: number, records: number) =>
    ledger.record({
      kind: 'fetched',
      time: at(seconds),
      group,
      member: 'a',
      topic,
      partition,
      offset,
      records,
    });
  batch(0, 0, 0, 2);
  history
    .record(1, 'processed', 'a', 0, 0)
    .record(1, 'processed', 'a', 0, 1)
    .commit(1.5, 'a', 0, 2);
  expect(uncommitted(ledger, group, topic)).toEqual([]);
  batch(2, 0, 2, 12);
  batch(2, 1, 0, 5);
  for (const offset of [2, 3, 4]) history.record(3, 'processed', 'a', 0, offset);
  expect(uncommitted(ledger, group, topic).map(({ offset }) => offset)).toEqual([2, 3, 4]);
  expect(
    openBatches(ledger, group, topic).map(({ batch: { records }, done }) => ({ records, done })),
  ).toEqual([
    { records: 12, done: 3 },
    { records: 5, done: 0 },
  ]);
  expect(uncommitted(new Ledger(), group, topic)).toEqual([]);
});

test('the load of a member is what came to its partitions, beside what it can do in that time', () => {
  const history = new History().member(0, 'joined', 'a', [0, 2]).member(0, 'joined', 'b', [1]);
  const { ledger, group, topic } = history;
  for (const partition of [0, 1, 2]) {
    for (let offset = 0; offset < 10; offset++)
      history.record(1 + offset, 'produced', 'shop', partition, offset);
  }
  const handle = (
    member: string,
    partition: number,
    offset: number,
    seconds: number,
    took: number,
  ) =>
    history
      .record(seconds, 'delivered', member, partition, offset)
      .record(seconds + took, 'processed', member, partition, offset);
  for (let offset = 0; offset < 6; offset++)
    handle('a', 0, offset, 1 + offset, offset === 0 ? 0.5 : 1);
  for (let offset = 0; offset < 10; offset++) handle('b', 1, offset, 1 + offset, 0.25);
  const [a, b] = load(ledger, group, topic, { from: at(1), to: at(11) });
  expect(a).toMatchObject({
    member: 'a',
    partitions: [0, 2],
    arrived: 20,
    waiting: 14,
    quickest: 500,
    atMost: 20,
  });
  expect(a?.mean).toBeCloseTo(5500 / 6);
  expect(a?.demand).toBeCloseTo((20 * 5.5) / 6 / 10);
  expect(b).toMatchObject({ member: 'b', arrived: 10, waiting: 0, mean: 250, demand: 0.25 });
});
