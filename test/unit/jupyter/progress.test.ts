import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MovingBoard, plainBoard } from '../../../lib/src/jupyter/board.ts';
import { movingLine, resultLines } from '../../../lib/src/jupyter/lines.ts';
import {
  advance,
  emptyReport,
  type NotebookEvent,
  type NotebookReport,
  passed,
} from '../../../lib/src/jupyter/report.ts';

const reportOf = (...events: NotebookEvent[]): NotebookReport =>
  events.reduce(advance, emptyReport('05-scaling'));

const started: NotebookEvent = { event: 'started', cells: ['open', 'split', null] };
const ok = (number: number): NotebookEvent => ({
  event: 'cell-done',
  number,
  status: 'ok',
  seconds: 1,
});
const failed = (more: object = {}): NotebookEvent => ({
  event: 'cell-done',
  number: 2,
  status: 'failed',
  seconds: 1,
  ename: 'CheckFailed',
  evalue: 'the split is 3 + 0',
  traceback: 'CheckFailed: the split is 3 + 0\n    at one\n    at two',
  ...more,
});
const over: NotebookEvent = { event: 'done', seconds: 12.34 };

test('passed: every cell ran, and none failed', () => {
  expect(passed(reportOf(started, ok(1), ok(2), ok(3), over))).toBe(true);
  expect(passed(reportOf(started, ok(1), ok(2), over))).toBe(false);
  expect(passed(reportOf(started, ok(1), failed(), over))).toBe(false);
  const refused: NotebookEvent = { event: 'failed', name: 'NoSuchKernel', message: 'gone' };
  expect(passed(reportOf(started, ok(1), ok(2), ok(3), refused))).toBe(false);
});

test('a line for a notebook that passed', () => {
  const report = reportOf(started, ok(1), ok(2), ok(3), over);
  expect(resultLines(report, 12)).toEqual(['✓ 05-scaling    3 cells  12.3 s']);
});

test('a failed cell is named, its error said once, what follows counted', () => {
  expect(resultLines(reportOf(started, ok(1), failed(), over))).toEqual([
    '✗ 05-scaling  cell 2 of 3 (id "split") failed: CheckFailed: the split is 3 + 0',
    '        at one',
    '        at two',
    '    1 cell not run',
  ]);
});

test('a cell that never ran is named', () => {
  const skipped = failed({ status: 'never-ran', evalue: 'the kernel skipped it', traceback: '' });
  expect(resultLines(reportOf(started, ok(1), skipped, ok(3), over))).toEqual([
    '✗ 05-scaling  cell 2 of 3 (id "split") never ran: the kernel skipped it',
  ]);
});

test('colours are taken out of a traceback, and long ones cut', () => {
  const traceback = Array.from({ length: 40 }, (_, i) => `\u001b[31mline ${i}\u001b[0m`).join('\n');
  const lines = resultLines(reportOf(started, ok(1), failed({ traceback }), over));
  expect(lines).toHaveLength(1 + 8 + 1);
  expect(lines[1]).toBe('    line 0');
});

test('late output is mentioned', () => {
  const report = { ...reportOf(started, ok(1), ok(2), ok(3), over), late: 2 };
  expect(resultLines(report)[1]).toMatch(/^ {4}2 outputs came after .*late-output\.log$/);
});

test('the moving line says which cell runs', () => {
  expect(movingLine(emptyReport('05-scaling'), 0.26, '*')).toBe('* 05-scaling  starting  0.3 s');
  const report = reportOf(started, ok(1), { event: 'cell', number: 2 });
  expect(movingLine(report, 3, '*')).toBe('* 05-scaling  cell 2 of 3  3.0 s');
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('in a log nothing moves', () => {
  const written: string[] = [];
  const board = plainBoard({ write: (text) => written.push(text) }, 0);
  board.update(emptyReport('05-scaling'));
  vi.advanceTimersByTime(1000);
  board.finish(reportOf(started, ok(1), ok(2), ok(3), over));
  board.close();
  expect(written).toEqual(['✓ 05-scaling  3 cells  12.3 s\n']);
});

test('on a terminal the line is drawn over, cut at the margin, and gone at the end', () => {
  const written: string[] = [];
  const screen = { write: (text: string) => written.push(text), columns: 20 };
  const board = new MovingBoard(screen, 0);
  board.update(emptyReport('05-scaling'));
  vi.advanceTimersByTime(240);
  expect(written[1]).toMatch(/^\x1b\[1A\x1b\[J. 05-scaling {2}start\n$/);
  board.finish(reportOf(started, ok(1), ok(2), ok(3), over));
  board.close();
  expect(written.at(-2)).toBe('\x1b[1A\x1b[J✓ 05-scaling  3 cells  12.3 s\n');
  const count = written.length;
  vi.advanceTimersByTime(1000);
  expect(written).toHaveLength(count);
});
