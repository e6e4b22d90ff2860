import { stripVTControlCharacters } from 'node:util';
import type { CellReport, NotebookReport } from './report.js';

/** The reports as JUnit XML: a suite per notebook, a case per code cell. */
export function junit(reports: NotebookReport[]): string {
  const suites = reports.map(suite).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites}</testsuites>\n`;
}

function suite(report: NotebookReport): string {
  const cases = report.cells.map((cell) => testcase(report.name, cell));
  // A notebook that could not be run has a case of its own: its cells are none's fault.
  const whole = report.failure !== undefined;
  if (whole) cases.unshift(outcome(report.name, 'notebook', 0, tag('error', report.failure ?? '')));
  const count = (status: CellReport['status']) =>
    report.cells.filter((cell) => cell.status === status).length;
  const attributes = attributesOf({
    name: report.name,
    tests: cases.length,
    failures: count('failed') + count('never-ran'),
    errors: whole ? 1 : 0,
    skipped: count('not-run'),
    time: report.seconds.toFixed(3),
  });
  return `  <testsuite ${attributes}>\n${cases.join('')}  </testsuite>\n`;
}

function testcase(notebook: string, cell: CellReport): string {
  return outcome(notebook, cell.id, cell.seconds, verdict(cell));
}

function verdict({ status, error }: CellReport): string {
  if (status === 'ok') return '';
  if (status === 'not-run') return tag('skipped', 'not run');
  const { ename = status, evalue = '', traceback = '' } = error ?? {};
  return tag('failure', evalue, { type: ename }, traceback || `${ename}: ${evalue}`);
}

function outcome(notebook: string, name: string, seconds: number, content: string): string {
  const attributes = attributesOf({ classname: notebook, name, time: seconds.toFixed(3) });
  return content
    ? `    <testcase ${attributes}>\n      ${content}\n    </testcase>\n`
    : `    <testcase ${attributes}/>\n`;
}

function tag(name: string, message: string, more: Record<string, string> = {}, text = ''): string {
  const opening = `${name} ${attributesOf({ message, ...more })}`;
  return text ? `<${opening}>${escape(text)}</${name}>` : `<${opening}/>`;
}

function attributesOf(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escape(String(value)).replaceAll('\n', '&#10;')}"`)
    .join(' ');
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Without colours, and without what XML 1.0 forbids however it is written. */
function escape(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[&<>"]/g, (character) => ENTITIES[character]!);
}
