import { beforeEach, expect, expectTypeOf, test } from 'vitest';
import { compare } from '../../../lib/src/lessons/compare.ts';
import { type Prediction, predict } from '../../../lib/src/lessons/predict.ts';
import { recordDisplays } from '../../support/lesson.ts';

const shown = recordDisplays();
beforeEach(() => {
  shown.length = 0;
});
const said = () => shown.map((data) => data['text/plain']).join('\n');

test('an assignment is compared member by member, whatever the order of its partitions', () => {
  compare(predict.assignment({ a: [1, 0], b: [2] }), { a: [0, 1], b: [2] });
  expect(said()).toMatch(/^As you predicted:/);
  shown.length = 0;
  compare(predict.assignment({ a: [0, 1], b: [2] }), { a: [0, 2], b: [1] });
  expect(said()).toBe(
    'It went another way:\n' +
      '· a: predicted [ 0, 1 ], happened [ 0, 2 ] (partition 0 is right)\n' +
      '· b: predicted [ 2 ], happened [ 1 ]',
  );
  shown.length = 0;
  compare(predict.assignment({ a: [0], b: [1], c: [2] }), { a: [0], b: [1], c: [] });
  expect(said()).toContain('Partly as you predicted (2 of 3):');
});

test('which of a member’s partitions are right is said in words, for one and for several', () => {
  compare(predict.assignment({ a: [0, 1, 2, 4] }), { a: [0, 2, 4], b: [1] });
  expect(said()).toContain('(partitions 0, 2 and 4 are right)');
});

test('a partition or a member that does not exist is told, beside those that do', () => {
  compare(predict.assignment({ a: [0, 5], b: [1], c: [2] }), { a: [0, 2], b: [1] });
  expect(said()).toBe(
    'Partly as you predicted (1 of 3):\n' +
      '· a: predicted [ 0, 5 ], happened [ 0, 2 ] (partition 0 is right; nobody owns partition 5: there are partitions 0, 1 and 2)\n' +
      '✓ b: predicted [ 1 ], happened [ 1 ]\n' +
      '· c: predicted [ 2 ], happened nothing (there is no member c: a and b are the members)',
  );
  shown.length = 0;
  compare(predict.assignment({ a: [0], c: [] }), { a: [0] });
  expect(said()).toContain('· c: predicted [], happened nothing');
});

test('where the topic is known, a partition that it does not have is refused at once', () => {
  const of = { partitions: 3 };
  expect(predict.assignment({ a: [0, 2], b: [1] }, { of }).value).toEqual({ a: [0, 2], b: [1] });
  expect(() => predict.assignment({ a: [3], b: [] }, { of })).toThrow(
    'There is no partition 3. The topic has partitions 0, 1 and 2.',
  );
});

test.each([-1, 0.5, Number.NaN])('no topic has a partition %s', (partition) => {
  expect(() => predict.assignment({ a: [partition] })).toThrow(
    `There is no partition ${partition}. Partitions are numbered from 0.`,
  );
});

test('a number that is none is no prediction either', () => {
  expect(() => predict.number(Number.NaN)).toThrow('NaN cannot be predicted.');
});

test('a number counts as right within its tolerance; otherwise it says by how much it was off', () => {
  compare(predict.number(1.5), 1.4567, { within: 0.1 });
  compare(predict.number(2), 1.4567, { within: 0.1, of: 'the speed-up' });
  expect(said()).toBe(
    'As you predicted:\n✓ predicted 1.5, happened 1.46 (0.0433 less)\n' +
      'It went another way:\n· the speed-up: predicted 2, happened 1.46 (0.543 less)',
  );
});

test('an order tells how far it was right; a choice whether it was', () => {
  compare(predict.order(['k1', 'k2', 'k3']), ['k1', 'k3', 'k2']);
  compare(predict.order([1, 2, 9]), [1, 2, 0]);
  expect(said()).toContain('(the first is right)');
  expect(said()).toContain('(the first 2 are right; 9 did not come)');
  compare(predict.oneOf(['all', 'none'], 'none'), 'all');
  expect(said()).toContain("· predicted 'none', happened 'all'");
});

test.each([
  ['assignment', predict.assignment({ a: [], b: [] }), { a: [0] }],
  ['number', predict.number(), 3],
  ['order', predict.order([]), ['x']],
  ['choice', predict.oneOf(['all', 'none']), 'all'],
])('no prediction (%s) is fine, and says so', (_, prediction, happened) => {
  compare(prediction as Prediction<unknown>, happened);
  expect(said()).toMatch(/^You made no prediction, and that is fine\./);
  expect(said()).not.toContain('predicted ');
  expect(shown[0]?.['text/markdown']).not.toContain('you predicted');
});

test('on a stage stands what happened, and nothing of what somebody predicted', () => {
  compare(predict.number(), 3, { of: 'records left' });
  compare(predict.number(77), 3, { of: 'records left' });
  expect(shown.map(({ onStage }) => onStage)).toEqual(
    Array(2).fill({ 'text/markdown': '|  | happened |\n| :-- | :-- |\n| records left | 3 |' }),
  );
});

test('what stands in records is text in the table, neither Markdown nor HTML', () => {
  compare(predict.order(['<img onerror=x>|*b*']), ['[a](javascript:x)']);
  const markdown = String(shown[0]?.['text/markdown']);
  expect(markdown).not.toMatch(/<img|\*b\*|\[a\]/);
  expect(markdown.split('\n').filter((row) => row.startsWith('|'))).toHaveLength(3);
});

test('a prediction of the wrong shape is a type error', () => {
  // @ts-expect-error partitions are numbers
  expect(() => predict.assignment({ a: ['0'] })).toThrow("There is no partition '0'.");
  // @ts-expect-error not one of the options
  expect(() => predict.oneOf(['all', 'none'], 'some')).toThrow(
    "'some' is not one of the options. Choose 'all' or 'none'.",
  );
  expectTypeOf(predict.oneOf(['all', 'none'])).toEqualTypeOf<Prediction<'all' | 'none'>>();
});
