import { expect, test } from 'vitest';
import { junit } from '../../../lib/src/jupyter/junit.ts';
import type { CellReport, NotebookReport } from '../../../lib/src/jupyter/report.ts';

const cell = (number: number, more: Partial<CellReport> = {}): CellReport => ({
  number,
  id: `cell-${number}`,
  status: 'ok',
  seconds: 0.25,
  ...more,
});

const report = (cells: CellReport[], more: Partial<NotebookReport> = {}): NotebookReport => ({
  name: '05-scaling',
  cells,
  seconds: 1.5,
  current: 0,
  ...more,
});

test('a suite per notebook, a case per cell', () => {
  expect(junit([report([cell(1), cell(2)])])).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n' +
      '  <testsuite name="05-scaling" tests="2" failures="0" errors="0" skipped="0" time="1.500">\n' +
      '    <testcase classname="05-scaling" name="cell-1" time="0.250"/>\n' +
      '    <testcase classname="05-scaling" name="cell-2" time="0.250"/>\n' +
      '  </testsuite>\n</testsuites>\n',
  );
});

test('a failed cell carries its error, those after it are skipped', () => {
  const error = {
    ename: 'CheckFailed',
    evalue: 'split is 3 + 0',
    traceback: 'CheckFailed\n  at …',
  };
  const xml = junit([
    report([cell(1, { status: 'failed', error }), cell(2, { status: 'not-run' })]),
  ]);
  expect(xml).toContain('tests="2" failures="1" errors="0" skipped="1"');
  expect(xml).toContain(
    '<failure message="split is 3 + 0" type="CheckFailed">CheckFailed\n  at …</failure>',
  );
  expect(xml).toContain('<skipped message="not run"/>');
});

test('a cell that never ran is a failure', () => {
  const error = { ename: 'NeverRan', evalue: 'the kernel skipped this cell', traceback: '' };
  const xml = junit([report([cell(1, { status: 'never-ran', error })])]);
  expect(xml).toContain('failures="1"');
  expect(xml).toContain('type="NeverRan">NeverRan: the kernel skipped this cell</failure>');
});

test('a notebook that could not be run at all is an error', () => {
  const xml = junit([report([cell(1, { status: 'not-run' })], { failure: 'no kernel' })]);
  expect(xml).toContain('tests="2" failures="0" errors="1" skipped="1"');
  expect(xml).toContain('<error message="no kernel"/>');
});

test('nothing in an error can break the XML', () => {
  const evalue = 'a "b" <c> & ]]> \u001b[31mred\u001b[0m \u0000 \ud800\nnext';
  const error = { ename: 'E', evalue, traceback: evalue };
  const xml = junit([report([cell(1, { id: 'x"y', status: 'failed', error })])]);
  const safe = 'a &quot;b&quot; &lt;c&gt; &amp; ]]&gt; red \ufffd \ufffd';
  expect(xml).toContain(`name="x&quot;y"`);
  expect(xml).toContain(`message="${safe}&#10;next" type="E">${safe}\nnext</failure>`);
});
