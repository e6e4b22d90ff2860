import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { includeShareGroups, misfit, NEEDED } from '../../../lib/src/broker/external/versions.ts';

const require = createRequire(import.meta.url);
const { requests } = require('kafkajs/src/protocol/requests');
const { version } = require('kafkajs/package.json');

type Ranges = Map<number, [number, number]>;
const fitting = (): Ranges =>
  new Map([
    ...Object.values(NEEDED).map(({ key, from, to }): [number, [number, number]] => [
      key,
      [from, to],
    ]),
    [19, [0, 5]],
  ]);

test('the newest version of each request is the one that kafkajs knows', () => {
  expect(version).toBe('2.2.4');
  for (const [name, { to }] of Object.entries(NEEDED)) {
    expect([name, Math.max(...requests[name].versions.map(Number))]).toEqual([name, to]);
  }
});

test('a broker with the versions of kafkajs fits', () => {
  expect(misfit(fitting())).toBeUndefined();
});

test.each(Object.entries(NEEDED))(
  '%s: too old below, too new above, too old without',
  (_, range) => {
    const { key, from, to } = range;
    const age = (change: (ranges: Ranges) => unknown) => {
      const ranges = fitting();
      change(ranges);
      return misfit(ranges)?.age;
    };
    expect(age((ranges) => ranges.delete(key))).toBe('old');
    expect(age((ranges) => ranges.set(key, [to + 1, to + 5]))).toBe('new');
    expect(age((ranges) => ranges.set(key, [to, to + 5]))).toBeUndefined();
    if (from > 0) expect(age((ranges) => ranges.set(key, [0, from - 1]))).toBe('old');
  },
);

test('Kafka before 2.4 is too old: it does not choose the number of copies', () => {
  expect(misfit(fitting().set(19, [0, 3]))).toMatchObject({ age: 'old', request: 'CreateTopics' });
});

test('share groups: not before Kafka 4, not in its trial, and since', () => {
  expect(includeShareGroups(fitting())).toBe(false);
  expect(includeShareGroups(fitting().set(76, [0, 0]))).toBe(false);
  expect(includeShareGroups(fitting().set(76, [1, 1]))).toBe(true);
});
