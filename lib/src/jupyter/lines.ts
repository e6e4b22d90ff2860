import { stripVTControlCharacters } from 'node:util';
import { count } from '../words.js';
import { lateOutputLog } from './late-output.js';
import { type CellReport, firstBad, type NotebookReport, passed } from './report.js';

const TRACEBACK_LINES = 8;

/** What is said of a notebook once it is over: one line, and below it the beginning of an error. */
export function resultLines(report: NotebookReport, nameWidth = 0): string[] {
  return [...verdict(report, report.name.padEnd(nameWidth)), ...lateLine(report)];
}

function verdict(report: NotebookReport, name: string): string[] {
  const { failure, cells } = report;
  if (passed(report))
    return [`✓ ${name}  ${count(cells.length, 'cell')}  ${seconds(report.seconds)}`];
  if (failure !== undefined) return indented(`✗ ${name}  `, failure);
  const bad = firstBad(report)!;
  const lines = indented(`✗ ${name}  `, headline(bad, cells.length));
  const rest = cells.filter((cell) => cell.status === 'not-run').length;
  return [...lines, ...excerpt(bad), ...(rest > 0 ? [`    ${count(rest, 'cell')} not run`] : [])];
}

/** The line of a notebook that still runs. */
export function movingLine(report: NotebookReport, elapsed: number, frame: string): string {
  const { name, current, cells } = report;
  const where = current === 0 ? 'starting' : `cell ${current} of ${cells.length}`;
  return `${frame} ${name}  ${where}  ${seconds(elapsed)}`;
}

function lateLine({ late = 0 }: NotebookReport): string[] {
  if (late === 0) return [];
  return [`    ${count(late, 'output')} came after the cell had ended, see ${lateOutputLog()}`];
}

function headline({ number, id, status, error }: CellReport, all: number): string {
  const cell = `cell ${number} of ${all} (id "${id}")`;
  if (status === 'never-ran') return `${cell} never ran: ${error?.evalue ?? ''}`;
  if (status === 'not-run') return `${cell} was not run`;
  return `${cell} failed: ${error?.ename}: ${error?.evalue}`;
}

/** The first lines of the traceback, less what the headline says already. */
function excerpt({ error }: CellReport): string[] {
  if (!error) return [];
  const said = new Set([error.evalue, `${error.ename}: ${error.evalue}`].flatMap(split));
  return split(error.traceback)
    .filter((line) => line.trim() && !said.has(line))
    .slice(0, TRACEBACK_LINES)
    .map((line) => `    ${line}`);
}

function indented(head: string, text: string): string[] {
  const [first = '', ...more] = split(text).filter((line) => line.trim());
  return [`${head}${first}`, ...more.slice(0, TRACEBACK_LINES).map((line) => `    ${line}`)];
}

function split(text: string): string[] {
  return stripVTControlCharacters(text).split(/\r?\n/);
}

const seconds = (value: number) => `${value.toFixed(1)} s`;
