import { expect, test } from 'vitest';
import { count, list, partitionsNamed } from '../../lib/src/words.ts';

test('how many of what', () => {
  expect([0, 1, 2].map((n) => count(n, 'record'))).toEqual(['0 records', '1 record', '2 records']);
  expect([[], [0], [0, 1], [0, 1, 2]].map((items) => list(items))).toEqual([
    ...['', '0', '0 and 1', '0, 1 and 2'],
  ]);
  expect(list(['a', 'b', 'c'], 'or')).toBe('a, b or c');
  expect([[0], [0, 1]].map(partitionsNamed)).toEqual(['partition 0', 'partitions 0 and 1']);
});
