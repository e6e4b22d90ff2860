import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { course } from '../../../lib/src/charts/course.ts';
import { describe } from '../../../lib/src/cli/progress.ts';
import { check } from '../../../lib/src/lessons/check.ts';
import { lessonContents } from '../../../lib/src/lessons/contents.ts';
import {
  nextLesson,
  readProgress,
  rememberAnswer,
  resetProgress,
} from '../../../lib/src/lessons/progress.ts';
import { openTestLesson, recordDisplays } from '../../support/lesson.ts';

recordDisplays();
let state: string;
const before = process.env['KAFKA_LAB_STATE'];
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'lab-progress-'));
  process.env['KAFKA_LAB_STATE'] = state;
  delete process.env['KAFKA_LAB_PROGRESS'];
});
afterEach(() => {
  rmSync(state, { recursive: true, force: true });
  if (before === undefined) delete process.env['KAFKA_LAB_STATE'];
  else process.env['KAFKA_LAB_STATE'] = before;
});

const contents = lessonContents().find(({ name }) => name === '05-scaling')!;
const progress = (name = '05-scaling') => readProgress().find((lesson) => lesson.name === name)!;
const pass = (claim: string) => check(claim, { observed: 1, expected: 1 });

test('the contents of a lesson: its title, its minutes, its claims', () => {
  expect(contents).toMatchObject({
    title: 'Scaling: more consumers in one group',
    minutes: 20,
    checks: expect.arrayContaining(['every order was processed, and none of them twice']),
  });
  for (const { name, minutes } of lessonContents())
    expect({ name, minutes }).toEqual({ name, minutes: expect.any(Number) });
});

test('appendices, copies and notebooks of one’s own are no lessons, for nobody who counts them', () => {
  const folder = join(state, 'notebooks');
  mkdirSync(folder);
  const lesson = { cells: [{ cell_type: 'markdown', source: '# 05 · Scaling' }] };
  const others = [
    '05-scaling-Copy1',
    '05-scaling (1)',
    'appendix-charts',
    'Untitled',
    'Untitled1',
    '7 notes',
  ];
  for (const name of ['05-scaling', '19-my-lesson', ...others])
    writeFileSync(join(folder, `${name}.ipynb`), JSON.stringify(lesson));
  expect(lessonContents(folder).map(({ name }) => name)).toEqual(['05-scaling', '19-my-lesson']);

  const lessons = readProgress();
  expect(lessons.map(({ name }) => name)).not.toContain('appendix-charts');
  expect(describe(lessons).join('\n')).toMatch(`0 of ${lessons.length} lessons done.`);
  expect(course(lessons).text).toMatch(`0 of ${lessons.length} lessons done,`);
});

test('a passed check is remembered once; other words, failed checks and other lessons do not count', () => {
  openTestLesson();
  expect(progress().state).toBe('new');
  for (const _ of [1, 2]) pass(contents.checks[0]!);
  pass('something else');
  expect(() => check(contents.checks[1]!, { observed: 1, expected: 2 })).toThrow();
  expect(progress()).toMatchObject({
    state: 'begun',
    checks: { passed: 1, total: contents.checks.length },
  });
  expect(progress('06-fan-out').state).toBe('new');
  const lines = readFileSync(join(state, 'progress.jsonl'), 'utf8').trim().split('\n');
  expect(lines).toHaveLength(2);
});

test('with all its claims held a lesson is done, and the next one is told', () => {
  openTestLesson();
  expect(nextLesson(readProgress())?.name).toBe('00-start-here');
  for (const claim of [...contents.checks, ...contents.exercises]) pass(claim);
  expect(progress().state).toBe('done');
  expect(nextLesson(readProgress())?.name).toBe('06-fan-out');
});

test('the lesson that was left in the middle is next; then the first new one behind it; at the end what is open', () => {
  const all = lessonContents();
  const nextAfter = (lesson: string, share: 'a check' | 'all') => {
    const { checks, exercises } = all.find(({ name }) => name === lesson)!;
    openTestLesson({ lesson });
    for (const claim of share === 'all' ? [...checks, ...exercises] : [checks[0]!]) pass(claim);
    return nextLesson(readProgress())?.name;
  };
  expect(nextAfter('03-partitions-and-keys', 'a check')).toBe('03-partitions-and-keys');
  expect(nextAfter('08-email-outage', 'a check')).toBe('08-email-outage');
  expect(nextAfter('08-email-outage', 'all')).toBe('09-black-friday');
  for (const { name } of all.filter(({ name }) => name >= '09')) nextAfter(name, 'all');
  expect(nextLesson(readProgress())?.name).toBe('00-start-here');
  for (const { name } of all.filter(({ name }) => name < '03')) nextAfter(name, 'all');
  for (const lesson of ['04-groups-and-offsets', '05-scaling', '06-fan-out'])
    rememberAnswer(lesson, { said: '1', isRight: true });
  expect(nextAfter('07-limits-of-scaling', 'all')).toBe('03-partitions-and-keys');
  expect(nextAfter('03-partitions-and-keys', 'all')).toBeUndefined();
});

test('of several answers about a lesson the first counts, until the lesson is forgotten', () => {
  const [right, wrong] = [
    { said: '20', isRight: true },
    { said: '30', isRight: false },
  ];
  expect(rememberAnswer('05-scaling', wrong)).toEqual(wrong);
  expect(rememberAnswer('05-scaling', right)).toEqual(wrong);
  expect(progress()).toMatchObject({ state: 'new', hasAnswer: true });
  resetProgress('05-scaling');
  expect(rememberAnswer('05-scaling', right)).toEqual(right);
  expect(rememberAnswer('05-scaling', wrong)).toEqual(right);
  expect(progress()).toMatchObject({ state: 'known', hasAnswer: true });
  expect(progress('06-fan-out')).toMatchObject({ state: 'new', hasAnswer: false });
});

test('a lesson that is known can be done all the same', () => {
  rememberAnswer('05-scaling', { said: '20', isRight: true });
  openTestLesson();
  pass(contents.checks[0]!);
  expect(progress().state).toBe('known');
  for (const claim of [...contents.checks, ...contents.exercises]) pass(claim);
  expect(progress().state).toBe('done');
});

test('a lesson, or all of them, can be forgotten and passed again', () => {
  for (const lesson of ['05-scaling', '06-fan-out']) {
    openTestLesson({ lesson });
    for (const claim of lessonContents().find(({ name }) => name === lesson)!.checks) pass(claim);
  }
  resetProgress('05-scaling');
  expect([progress().state, progress('06-fan-out').checks.passed > 0]).toEqual(['new', true]);
  resetProgress();
  expect(progress('06-fan-out').state).toBe('new');
  pass(lessonContents().find(({ name }) => name === '06-fan-out')!.checks[0]!);
  expect(progress('06-fan-out').state).toBe('begun');
});

test('a line that was cut off costs itself alone', () => {
  openTestLesson();
  pass(contents.checks[0]!);
  appendFileSync(join(state, 'progress.jsonl'), '\n{"kind":"check","lesson":"05-sca');
  pass(contents.checks[1]!);
  expect(progress().checks.passed).toBe(2);
});

test('where a machine runs the notebooks nothing is remembered', () => {
  process.env['KAFKA_LAB_PROGRESS'] = 'off';
  openTestLesson();
  pass(contents.checks[0]!);
  expect(progress().state).toBe('new');
});
