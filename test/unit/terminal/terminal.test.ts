import type { WriteStream } from 'node:tty';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { colours } from '../../../lib/src/charts/drawing/palette.ts';
import { groupLines } from '../../../lib/src/terminal/kafka/group-lines.ts';
import { NewestFirst } from '../../../lib/src/terminal/kafka/group-watch.ts';
import { claimName } from '../../../lib/src/terminal/kafka/member-name.ts';
import { recordJson, recordLine } from '../../../lib/src/terminal/kafka/record.ts';
import { nearest256, painter, plain } from '../../../lib/src/terminal/ui/colour.ts';
import { Screen } from '../../../lib/src/terminal/ui/screen.ts';
import { jsonLine, readable, visible } from '../../../lib/src/terminal/ui/text.ts';
import { ownState } from '../../support/lab.ts';

ownState();
const CONTROL = /[\p{C}\p{Zl}\p{Zp}]/u;

describe('what a record holds cannot act on the terminal', () => {
  test.each([
    ['\x1b[31mred\x1b[0m', '\\x1b[31mred\\x1b[0m'],
    ['one\r\ntwo\tthree', 'one\\r\\ntwo\\tthree'],
    ['\x9b2J\x7f\x07', '\\x9b2J\\x7f\\x07'],
    ['\u202etxt.exe\u2028', '\\u202etxt.exe\\u2028'],
    ['\u{e0041}', '\\u{e0041}'],
    ['Grüße, 東京 🦊', 'Grüße, 東京 🦊'],
  ])('%j', (text, shown) => {
    expect(visible(text)).toBe(shown);
    expect(JSON.parse(jsonLine({ text }))).toEqual({ text });
  });

  test('whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (array) => {
        const bytes = Buffer.from(array);
        const record = { topic: 't', partition: 0, offset: 0, key: bytes, value: bytes };
        expect(recordLine(record, plain)).not.toMatch(CONTROL);
        const json = recordJson(record);
        expect(json).not.toMatch(CONTROL);
        const { value, valueBase64 } = JSON.parse(json);
        expect(valueBase64 ? Buffer.from(valueBase64, 'base64') : Buffer.from(value)).toEqual(
          bytes,
        );
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visible(text)).not.toMatch(CONTROL);
        expect(jsonLine([text])).not.toMatch(CONTROL);
        expect(JSON.parse(jsonLine([text]))).toEqual([text]);
      }),
    );
  });
});

test('a value is shortened for people, never for programs', () => {
  expect(readable(Buffer.from('x'.repeat(200)))).toBe('x'.repeat(200));
  expect(readable(Buffer.from('x'.repeat(5000)))).toBe(`${'x'.repeat(200)}… (5000 characters)`);
  expect(readable(Buffer.from('🦊'.repeat(201)))).toBe(`${'🦊'.repeat(200)}… (402 characters)`);
  expect(readable(Buffer.from([0xff, 0x00, 0x1b]))).toBe('(3 bytes, not text: ff 00 1b)');
  expect(readable(null)).toBe('null');
  const value = Buffer.from('x'.repeat(5000));
  const json = JSON.parse(
    recordJson({ topic: 't', partition: 1, offset: 2, key: null, value }, { member: 'm' }),
  );
  expect(json).toEqual({
    type: 'record',
    member: 'm',
    topic: 't',
    partition: 1,
    offset: 2,
    key: null,
    value: 'x'.repeat(5000),
  });
});

const terminal = (more: object = {}) =>
  ({ isTTY: true, getColorDepth: () => 8, ...more }) as WriteStream;
const { range } = colours(['0', '1', '2', '3', '4', '5']);

describe('colours', () => {
  test('are those of the charts, in as many colours as there are', () => {
    const trueColour = painter(terminal(), { COLORTERM: 'truecolor' });
    const rgb = range.map((c) => [1, 3, 5].map((i) => parseInt(c.slice(i, i + 2), 16)));
    for (const partition of [0, 1, 5, 6, 11]) {
      expect(trueColour(partition, 'x')).toBe(
        `\x1b[38;2;${rgb[partition % 6]!.join(';')}mx\x1b[39m`,
      );
    }
    const few = painter(terminal(), { TERM: 'xterm-256color' });
    expect(new Set(range.map((_, i) => few(i, 'x'))).size).toBe(6);
    expect(few(0, 'x')).toBe('\x1b[38;5;25mx\x1b[39m');
    expect([nearest256([0, 0, 0]), nearest256([255, 255, 255]), nearest256([8, 8, 8])]).toEqual([
      16, 231, 232,
    ]);
  });

  test.each([
    ['NO_COLOR', terminal(), { NO_COLOR: '1', COLORTERM: 'truecolor' }],
    ['a dumb terminal', terminal(), { TERM: 'dumb' }],
    ['a pipe', terminal({ isTTY: false }), { COLORTERM: 'truecolor' }],
  ])('are none for %s', (_, stream, env) => expect(painter(stream, env)(1, 'x')).toBe('x'));
});

test('a group for people: nobody, unknown, idle', () => {
  const at = { topic: 'orders', end: 12, stable: 12, member: null };
  const lines = groupLines({
    ...{ group: 'shipping', type: 'classic', state: 'Stable' },
    members: [
      { member: 'idle\x1b[2J', memberId: 'i', assignment: { orders: [] }, topics: ['orders'] },
    ],
    partitions: [
      { ...at, partition: 0, committed: 10, lag: 2 },
      { ...at, partition: 1, committed: null, end: null, stable: null, lag: null },
    ],
  });
  expect(lines.map(({ text }) => text)).toEqual([
    'shipping: Stable, 1 member, lag 2',
    '  topic   partition  committed  end  lag  member',
    '  orders          0         10   12    2  nobody',
    '  orders          1          -    -    -  nobody',
    '  without a partition: idle\\x1b[2J',
  ]);
});

test('a group for people: where a transaction is open', () => {
  const at = { topic: 'orders', committed: 3, end: 12, lag: 9, member: 'a' };
  const lines = groupLines({
    ...{ group: 'shipping', type: 'classic', state: 'Stable', members: [] },
    partitions: [
      { ...at, partition: 0, stable: 5 },
      { ...at, partition: 1, stable: 12 },
    ],
  });
  expect(lines.slice(-1)).toEqual([
    { text: '  Transaction open: readers of committed records wait in orders 0 at offset 5.' },
  ]);
});

test('groups: those with members first, of them those that got some last; the rest by name', () => {
  const order = new NewestFirst();
  const shown = (...all: [string, number | null][]) => {
    const states = all.map(([group, count]) => ({
      ...{ group, type: 'classic', state: 'Stable', partitions: [] },
      members: count === null ? null : Array.from({ length: count }, () => MEMBER),
    }));
    return order.sorted(states).map(({ group }) => group);
  };
  expect(shown(['a', 0], ['b', 1], ['c', null], ['d', 0])).toEqual(['b', 'c', 'a', 'd']);
  expect(shown(['a', 0], ['b', 1], ['c', null], ['d', 2])).toEqual(['d', 'b', 'c', 'a']);
  expect(shown(['a', 0], ['b', 9], ['c', null], ['d', 1], ['e', 1])).toEqual([
    ...['e', 'd', 'b', 'c', 'a'],
  ]);
  expect(shown(['a', 0], ['b', 0], ['d', 1], ['e', 0])).toEqual(['d', 'b', 'e', 'a']);
});

const MEMBER = { member: 'm', memberId: 'i', assignment: {}, topics: [] };

test('names: the first that nobody has, or is about to have', () => {
  const first = claimName('shipping', new Set(['shipping-2']));
  const second = claimName('shipping', new Set(['shipping-2']));
  expect([first.name, second.name]).toEqual(['shipping-1', 'shipping-3']);
  first.release();
  const third = claimName('shipping', new Set(['shipping-2']));
  expect(third.name).toBe('shipping-1');
  for (const claim of [second, third]) claim.release();
});

test('a screen fits its terminal', () => {
  const screen = new Screen({
    isTTY: true,
    rows: 4,
    columns: 30,
    on: () => undefined,
  } as unknown as WriteStream);
  expect(screen.columns).toBe(30);
  expect(screen.fitting(['a', 'b', 'c'])).toEqual(['a', 'b', 'c']);
  const five = ['a', 'b', 'c', 'd', 'e'];
  expect(screen.fitting(five)).toEqual(['a', 'b', '… and 3 more lines']);
  expect(screen.fitting(five, '--skip N')).toEqual(['a', 'b', '… and 3 more lines: --skip N']);
  expect(screen.fitting(five, 'GROUP or --skip N')[2]).toBe('… and 3 more lines: GROUP or -');
});
