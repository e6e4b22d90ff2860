import { expect, test } from 'vitest';
import { type Host, installHost } from '../../lib/src/host.ts';
import { check } from '../../lib/src/lessons/index.ts';

const shown: unknown[] = [];
installHost({ display: (data: unknown) => shown.push(data) } as Partial<Host> as Host);

test('a claim that holds says so, with what was observed', () => {
  check('the split is 2 + 1', { observed: { a: [0, 2], b: [1] }, expected: { a: [0, 2], b: [1] } });
  expect(shown).toEqual([{ 'text/plain': '✓ the split is 2 + 1: { a: [ 0, 2 ], b: [ 1 ] }' }]);
});

test('a claim that does not hold fails with both sides', () => {
  expect(() =>
    check('none came twice', { observed: { all: 9, twice: 1 }, expected: { all: 9, twice: 0 } }),
  ).toThrow(
    'Not so: none came twice. Expected { all: 9, twice: 0 }, observed { all: 9, twice: 1 }.',
  );
  expect(() =>
    check('faster', { observed: { ratio: 0.5 }, holds: ({ ratio }) => ratio > 1 }),
  ).toThrow('Not so: faster. Observed { ratio: 0.5 }.');
});

test.each([[undefined], [null], [0], [[]], [{}], [{ processed: 0, repeated: 0 }], [{ a: [] }]])(
  'nothing observed (%j) proves nothing, even where it is what was expected',
  (observed: unknown) => {
    expect(() => check('all is well', { observed, expected: observed })).toThrow(
      'Not checked: all is well.',
    );
  },
);
