import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Ledger } from '../../../lib/src/ledger/index.ts';
import { predict } from '../../../lib/src/lessons/predict.ts';
import { readProgress } from '../../../lib/src/lessons/progress.ts';
import { RecordedLesson, recorded } from '../../../lib/src/lessons/recorded.ts';
import { recordDisplays } from '../../support/lesson.ts';

const shown = recordDisplays();
let state: string;
beforeEach(() => {
  shown.length = 0;
  state = mkdtempSync(join(tmpdir(), 'lab-recorded-'));
  vi.stubEnv('KAFKA_LAB_STATE', state);
  vi.stubEnv('KAFKA_LAB_PROGRESS', undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(state, { recursive: true, force: true });
});

const lesson = () => new RecordedLesson('05-scaling', new Ledger());
const stateOf = () => readProgress().find(({ name }) => name === '05-scaling')?.state;
const answers = (value?: number) => lesson().answer(predict.number(value), 20, 'the chart');
const said = () => (shown.at(-1) as { 'text/plain': string })['text/plain'];

test('a recorded run has the names of its lesson', () => {
  const run = recorded('01-queue-and-log');
  const { topic, group } = run.of('orders', 'second');
  expect(run.ledger.records('processed', { topic, group })).toHaveLength(12);
});

test.each(['99-nothing', '../runs/05-scaling', '', '05'])(
  'there is no recorded run of %j',
  (name) => {
    expect(() => recorded(name)).toThrow(/There is no recorded run of .*01-queue-and-log, /);
  },
);

test('without an answer nothing is shown, and nothing counts', () => {
  expect(answers()).toBeUndefined();
  expect(said()).toMatch(/^No answer yet: /);
  expect(shown.at(-1)).toMatchObject({ onStage: {} });
  expect(stateOf()).toBe('new');
});

test('a right answer makes the lesson known, however often it is given', () => {
  for (const _ of [1, 2]) {
    expect(answers(20)).toBe('the chart');
    expect(said()).toBe(
      'As you predicted:\n✓ predicted 20, happened 20\nLesson 05 counts as *known*: you may skip it.',
    );
  }
  answers(30);
  expect(said()).toMatch(
    /Lesson 05 stays \*known\*: the first answer counts, and yours was right\.$/,
  );
  expect(stateOf()).toBe('known');
});

test('a wrong answer leads to the lesson, and a right one after it changes nothing', () => {
  for (const _ of [1, 2]) {
    expect(answers(30)).toBe('the chart');
    expect(said()).toMatch(
      /^It went another way:[\s\S]*Lesson \[05\]\(05-scaling\.ipynb\) is about this\.$/,
    );
  }
  answers(20);
  expect(said()).toMatch(
    /^As you predicted:[\s\S]*The first answer counts, and yours was 30: lesson \[05\]/,
  );
  expect(stateOf()).toBe('new');
});

test('where a machine runs the notebook all is shown, and nothing counts', () => {
  vi.stubEnv('KAFKA_LAB_PROGRESS', 'off');
  expect(answers()).toBe('the chart');
  expect(said()).toMatch(/^You made no prediction, and that is fine\./);
  answers(20);
  expect(said()).toBe('As you predicted:\n✓ predicted 20, happened 20');
  vi.stubEnv('KAFKA_LAB_PROGRESS', undefined);
  expect(stateOf()).toBe('new');
});
