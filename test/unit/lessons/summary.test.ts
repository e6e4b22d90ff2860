import { expect, test } from 'vitest';
import type { LessonProgress } from '../../../lib/src/lessons/progress.ts';
import { summary } from '../../../lib/src/lessons/summary.ts';

const DAY = 86_400_000;
const NOW = 100 * DAY;

const lesson = (name: string, more: Partial<LessonProgress> = {}): LessonProgress => ({
  ...{ name, title: name, minutes: 15, state: 'new', hasAnswer: false },
  ...{ last: undefined, isNext: false },
  checks: { passed: 0, total: 5 },
  exercises: { solved: 0, total: 1 },
  ...more,
});
const done = { state: 'done', checks: { passed: 5, total: 5 } } as const;

test('who has not begun is told what is first', () => {
  const lessons = [lesson('00-start-here', { isNext: true }), lesson('01-queue-and-log')];
  expect(summary(lessons, NOW)).toEqual([
    '0 of 2 lessons done.',
    'Next: notebooks/00-start-here.ipynb, 15 minutes',
  ]);
});

test('who comes back is told where they were and when, what is open elsewhere, and what is next', () => {
  const lessons = [
    lesson('00-start-here', { ...done, last: NOW - 20 * DAY }),
    lesson('01-queue-and-log', { state: 'known', hasAnswer: true }),
    lesson('02-the-log', {
      ...{ state: 'begun', checks: { passed: 5, total: 5 }, last: NOW - 15 * DAY },
    }),
    lesson('03-partitions-and-keys', {
      ...{ state: 'begun', checks: { passed: 3, total: 5 }, last: NOW - 14 * DAY, isNext: true },
    }),
  ];
  expect(summary(lessons, NOW)).toEqual([
    '1 of 4 lessons done, 1 known.',
    'Last time, 14 days ago: 03-partitions-and-keys, 2 checks and 1 exercise left.',
    'Also open: 02-the-log (1 exercise).',
    'Next: notebooks/03-partitions-and-keys.ipynb, 15 minutes',
  ]);
});

test.each([
  [0, 'now'],
  [59_000, 'now'],
  [60_000, '1 minute ago'],
  [3_600_000, '1 hour ago'],
  [DAY, 'yesterday'],
  [14.9 * DAY, '14 days ago'],
])('%i ms later', (milliseconds, said) => {
  const lessons = [lesson('00-start-here', { ...done, last: NOW - milliseconds })];
  expect(summary(lessons, NOW)[1]).toBe(`Last time, ${said}: 00-start-here, done.`);
});

test('who has all is told so', () => {
  const lessons = [lesson('00-start-here', { ...done, last: NOW })];
  expect(summary(lessons, NOW).at(-1)).toBe('That was all of them.');
});
