import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Ledger, logFate, losses, type ReadLog } from '../../../lib/src/ledger/index.ts';

const topic = 't';

/** A log that followers cut to where they have it, and that goes on from there; each append has a value of its own or a common one. */
const step = fc.oneof(
  fc.record({ append: fc.constantFrom('own', 'same'), acknowledged: fc.boolean() }),
  fc.record({ cut: fc.nat(4) }),
);

interface Written {
  n: number;
  key: string;
  value: string;
}

function run(steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[]) {
  const ledger = new Ledger();
  const log: Written[] = [];
  const sent: (Written & { offset: number })[] = [];
  let n = 0;
  for (const one of steps) {
    if ('cut' in one) log.splice(Math.max(0, log.length - one.cut));
    else {
      const value = one.append === 'own' ? `value ${n}` : 'the same';
      const written = { n: n++, key: `key-${n % 2}`, value };
      const place = { topic, partition: 0, offset: log.length };
      log.push(written);
      if (!one.acknowledged) continue;
      sent.push({ ...written, offset: place.offset });
      ledger.values(topic, 0).add(place.offset, value);
      const fact = { group: '', member: 'shop', key: written.key, time: n, ...place };
      ledger.record({ kind: 'produced', ...fact });
    }
  }
  const read: ReadLog = {
    partition: 0,
    start: 0,
    at: (offset) => {
      const found = log[offset];
      return found && { key: Buffer.from(found.key), value: Buffer.from(found.value) };
    },
  };
  return { ledger, log, sent, read };
}

test('lost is each acknowledged record that is not at its offset; only twins cannot be told apart', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { ledger, log, sent, read } = run(steps);
      const newest = new Map(sent.map((one) => [one.offset, one.n]));
      const isTwin = ({ offset, n, key, value }: (typeof sent)[0]) =>
        newest.get(offset) === n && log[offset]?.key === key && log[offset]?.value === value;
      const expected = sent.filter((one) => log[one.offset]?.n !== one.n && !isTwin(one));
      const found = losses(ledger, topic, read);
      expect(found.map(({ offset, key }) => [offset, key])).toEqual(
        expected.map(({ offset, key }) => [offset, key]),
      );
      for (const { value } of found)
        if (value !== undefined) expect(expected.map((one) => one.value)).toContain(value);
      for (const loss of found) ledger.record({ kind: 'lost', group: '', topic, ...loss });
      for (const { offset, n } of sent) {
        const isHere = !expected.some(
          (one) => one.offset === offset && one.n === newest.get(offset),
        );
        if (n === newest.get(offset))
          expect(logFate(ledger, topic, 0, offset)).toBe(isHere ? 'produced' : 'lost');
      }
    }),
  );
});

test('what retention has removed is not lost', () => {
  const { ledger, read } = run([
    { append: 'own', acknowledged: true },
    { append: 'own', acknowledged: true },
  ]);
  const shorter = {
    ...read,
    start: 1,
    at: (offset: number) => (offset < 1 ? undefined : read.at(offset)),
  };
  expect(losses(ledger, topic, shorter)).toEqual([]);
});
