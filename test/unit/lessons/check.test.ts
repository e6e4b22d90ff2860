import { inspect } from 'node:util';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { check } from '../../../lib/src/lessons/check.ts';
import { exercise } from '../../../lib/src/lessons/exercise.ts';
import { openTestLesson, recordDisplays } from '../../support/lesson.ts';

process.env['KAFKA_LAB_PROGRESS'] = 'off';
const shown = recordDisplays();
beforeEach(() => {
  shown.length = 0;
  openTestLesson();
});

/** What `exercise` says to the learner, and nothing of it on a stage. */
const toTheLearner = (said: RegExp) => ({
  'text/plain': expect.stringMatching(said),
  onStage: {},
});

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

test('a record that speaks against a claim refutes it, and is named; the first five of many are', () => {
  const records = Array.from({ length: 7 }, (_, offset) => ({
    ...{ topic: 'orders', partition: 1, offset, group: 'mail', member: 'a' },
  }));
  const comparison = { observed: 30, expected: 30 };
  check('all are there', { ...comparison, contradicting: [] });
  expect(() => check('none twice', { ...comparison, contradicting: records.slice(0, 1) })).toThrow(
    'Against it: orders partition 1 offset 0 (group mail, member a).',
  );
  expect(() => check('none twice', { ...comparison, contradicting: records })).toThrow(
    /offset 4 .*; and 2 more\.$/,
  );
});

test.each([[undefined], [{ 0: undefined, 1: undefined }], [[[undefined]]]])(
  'a missing value (%j) proves nothing, even where it is what was expected',
  (observed: unknown) => {
    const comparison = { observed, expected: observed };
    expect(() => check('all is well', comparison)).toThrow('Not checked: all is well.');
    exercise('all is well', comparison);
    expect(shown).toEqual([toTheLearner(/^Not yet: all is well\. .* is missing/)]);
  },
);

const EMPTY: unknown[] = [
  0,
  false,
  '',
  null,
  [],
  {},
  [0, 0],
  { processed: 0, twice: 0 },
  { a: [] },
];

test.each(EMPTY.map((observed) => [observed]))(
  'that it is %j is an observation: it proves, and refutes',
  (observed: unknown) => {
    check('all is well', { observed, expected: observed });
    expect(() => check('six', { observed, expected: 6 as unknown })).toThrow(
      /^Not so: six\. Expected 6/,
    );
    exercise('six', { observed, expected: 6 as unknown });
    expect(shown.at(-1)).toEqual(toTheLearner(/^Not yet: six\. Expected 6/));
  },
);

test('whatever was observed, what equals it is so', () => {
  const observations = fc.anything({ withSet: true, withMap: true, withDate: true });
  fc.assert(
    fc.property(
      // A missing value is the one that proves nothing.
      observations.filter((value) => !inspect(value, { depth: Infinity }).includes('undefined')),
      (value) => check('it is so', { observed: value, expected: value }),
    ),
  );
});

test('on an empty ledger no claim passes, whatever is said to have been observed', () => {
  openTestLesson({ empty: true });
  const comparison = { observed: 5, holds: () => true };
  expect(() => check('five', comparison)).toThrow('Nothing has happened in this lab yet');
  exercise('five', comparison);
  expect(shown).toEqual([toTheLearner(/^Not yet: five\. Nothing has/)]);
});

test('what is missing refutes a claim, and its first five are named; nothing missing proves it', () => {
  const missing = Array.from({ length: 7 }, (_, n) => `letter ${n}`);
  exercise('all letters are there', { observed: 0, missing });
  exercise('all letters are there', { observed: 7, missing: [] });
  expect(shown).toEqual([
    toTheLearner(
      /^Not yet: all letters are there\. Against it: letter 0; .*; letter 4; and 2 more\.$/,
    ),
    toTheLearner(/^✓ Solved: all letters are there: 7$/),
  ]);
});

test('an exercise says what is not there and fails nothing; then that it is solved', () => {
  exercise('two members', { observed: 1, expected: 2 });
  exercise('two members', { observed: 2, expected: 2 });
  expect(shown.map((data) => data['text/plain'])).toEqual([
    'Not yet: two members. Expected 2, observed 1.',
    '✓ Solved: two members: 2',
  ]);
});
