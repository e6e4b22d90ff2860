import { userInfo } from 'node:os';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { namePrefix } from '../../../lib/src/broker/config/prefix.ts';
import { shortName } from '../../../lib/src/charts/drawing/words.ts';
import { prefixOf, runOf, startRun } from '../../../lib/src/lab/resources/names.ts';

test('the lab of one learner has no prefix, a Kafka for many has one', () => {
  expect(namePrefix('embedded', {})).toBeUndefined();
  expect(namePrefix('embedded', { JUPYTERHUB_USER: 'ann' })).toBeUndefined();
  expect(namePrefix('address', { JUPYTERHUB_USER: 'ann' })).toBe('ann');
  expect(namePrefix('address', {})).toContain(userInfo().username.slice(0, 20).replace(/\W/g, '-'));
  for (const where of ['embedded', 'address'] as const)
    expect(namePrefix(where, { KAFKA_LAB_PREFIX: ' a-1 ', JUPYTERHUB_USER: 'ann' })).toBe('a-1');
});

test.each(['a.b', 'a b', 'ä', 'x'.repeat(41), 'a/b'])('KAFKA_LAB_PREFIX=%s is refused', (value) => {
  const refusal = () => namePrefix('address', { KAFKA_LAB_PREFIX: value });
  expect(refusal).toThrow(
    /KAFKA_LAB_PREFIX holds .* Take letters, digits, "_" and "-", 40 at most/,
  );
});

test('whoever the users are, their prefixes are two, and good ones', () => {
  const prefix = (user: string) => namePrefix('address', { JUPYTERHUB_USER: user }) as string;
  const user = fc
    .string({ minLength: 1, maxLength: 60, unit: 'grapheme' })
    .filter((name) => Boolean(name.trim()));
  fc.assert(
    fc.property(user, user, (a, b) => {
      expect(prefix(a)).toMatch(/^[\w-]{1,40}$/);
      if (a.trim() !== b.trim()) expect(prefix(a)).not.toBe(prefix(b));
    }),
  );
  expect(prefix('ann.b')).not.toBe(prefix('ann-b'));
  expect(prefix('ann@x.org')).toMatch(/^ann-x-org-[0-9a-f]{6}$/);
});

test('a name tells its learner, its run, and what it is', () => {
  const run = startRun('05-scaling', 'k3f');
  expect(run.under(undefined).scoped('orders')).toBe('orders.05-scaling.k3f');
  const name = run.under('ann').scoped('orders');
  expect(name).toBe('ann.orders.05-scaling.k3f');
  for (const [full, prefix] of [
    [name, 'ann'],
    [run.scoped('orders'), undefined],
  ] as const) {
    expect(runOf(full)).toBe('05-scaling.k3f');
    expect(prefixOf(full)).toBe(prefix);
    expect(shortName(full)).toBe('orders');
  }
  expect([runOf('ann.b.c.d.efg'), prefixOf('orders'), shortName('my.own.topic')]).toEqual([
    undefined,
    undefined,
    'my',
  ]);
});
