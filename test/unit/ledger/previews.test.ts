import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Ledger, MOST_PREVIEWS, type Value } from '../../../lib/src/ledger/index.ts';

const KEPT = 96;
const topic = 'orders';

function previewOf(value: Value) {
  const ledger = new Ledger();
  ledger.values(topic, 0).add(7, value);
  return ledger.preview({ topic, partition: 0, offset: 7 });
}

test('of any text the first 96 bytes are kept, in whole characters, and its size', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'é', '日', '😀', '\ud83d', '\n'),
    maxLength: 120,
    size: 'max',
  });
  fc.assert(
    fc.property(text, (value) => {
      // As kafkajs sends it: half of a pair becomes a replacement character.
      const sent = Buffer.from(value);
      for (const found of [previewOf(value), previewOf(sent)]) {
        const kept = Buffer.from(found?.text ?? '');
        expect(found?.size).toBe(sent.length);
        expect(sent.subarray(0, kept.length)).toEqual(kept);
        expect(found?.isCut).toBe(kept.length < sent.length);
        expect(kept.length).toBeLessThanOrEqual(KEPT);
        // No more is left out than a character that does not fit.
        if (found?.isCut) expect(kept.length).toBeGreaterThan(KEPT - 4);
      }
    }),
  );
});

test('bytes that are no UTF-8 are escaped; a record may have no value, or an empty one', () => {
  expect(previewOf(Buffer.from([0x61, 0xff, 0x0a]))?.text).toBe('a\\xff\\x0a');
  expect(previewOf(Buffer.alloc(1_000_000, 0xff))).toEqual({
    text: '\\xff'.repeat(KEPT - 1),
    size: 1_000_000,
    isCut: true,
  });
  for (const none of [null, undefined])
    expect(previewOf(none)).toEqual({ text: null, size: 0, isCut: false });
  expect(previewOf('')).toEqual({ text: '', size: 0, isCut: false });
});

test('the newest values are known, each at its place; of older ones nothing is left', () => {
  const ledger = new Ledger();
  const lanes = [0, 1, 2].map((partition) => ledger.values(topic, partition));
  const add = (n: number, value: string) => lanes[n % 3]?.add(Math.floor(n / 3), value);
  const find = (n: number) =>
    ledger.preview({ topic, partition: n % 3, offset: Math.floor(n / 3) })?.text;
  for (let n = 0; n < MOST_PREVIEWS; n++) add(n, `secret ${n} `.repeat(20));
  expect(find(0)).toMatch(/^secret 0 secret 0 /);
  const all = MOST_PREVIEWS + 500;
  for (let n = MOST_PREVIEWS; n < all; n++) add(n, `n${n}`);
  expect([find(499), find(500)?.slice(0, 11)]).toEqual([undefined, 'secret 500 ']);
  expect([find(MOST_PREVIEWS), find(all - 1), find(all)]).toEqual([
    `n${MOST_PREVIEWS}`,
    `n${all - 1}`,
    undefined,
  ]);
  expect(ledger.preview({ topic: 'others', partition: 0, offset: 0 })).toBeUndefined();
});
