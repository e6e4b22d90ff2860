import { stripVTControlCharacters } from 'node:util';
import type { Row } from './series.ts';

const WIDTHS = { fault: 44, runs: 4, told: 64, remained: 14, next: 7 };
type Column = keyof typeof WIDTHS;
const HEADS: Record<Column, string> = {
  fault: 'fault',
  runs: 'runs',
  told: 'what the user was told',
  remained: 'what remained',
  next: 'next',
};

/** The rows as text, 141 columns wide, a heading for each section. */
export function plainTable(rows: Row[]): string {
  const sections = [...new Set(rows.map(({ section }) => section))];
  const blocks = sections.map((section) => {
    const lines = rows
      .filter((row) => row.section === section)
      .flatMap((row) => linesOf(cells(row)));
    return [`${section}`, ...lines].join('\n');
  });
  const rule = Object.values(WIDTHS)
    .map((width) => '─'.repeat(width))
    .join('  ');
  const table = [linesOf(HEADS).join('\n'), rule, blocks.join('\n\n'), rule].join('\n');
  return [table, ...rows.filter(isBad).map(failureOf), summary(rows)].join('\n');
}

/** All that is known of a failed row, uncut: last, where the end of a long log shows it. */
function failureOf(row: Row): string {
  return [
    `✗ ${row.section} · ${row.fault}`,
    `failure: ${row.failure ?? 'none'}`,
    `remained: ${row.remained.join(', ') || 'nothing'}`,
    `next start: ${row.next}`,
    `told: ${row.told}`,
    '',
  ].join('\n');
}

/** The same as Markdown. */
export function markdownTable(rows: Row[]): string {
  const head = ['section', ...Object.values(HEADS)];
  const lines = rows.map((row) => [row.section, ...Object.values(cells(row))].map(escaped));
  const body = [head, head.map(() => '---'), ...lines].map((line) => `| ${line.join(' | ')} |`);
  return [`# Faults`, '', summary(rows), '', ...body, ''].join('\n');
}

function summary(rows: Row[]): string {
  const skipped = rows.filter((row) => row.skipped).length;
  const failed = rows.filter(isBad).length;
  const runs = rows.reduce((sum, row) => sum + row.runs, 0);
  const more = skipped > 0 ? `, ${skipped} not tried here` : '';
  return `${rows.length} faults, ${runs} runs: ${failed} failed${more}.`;
}

export const isBad = (row: Row): boolean =>
  !row.skipped && (row.failure !== undefined || row.remained.length > 0 || row.next !== 'works');

function cells(row: Row): Record<Column, string> {
  if (row.skipped)
    return { fault: row.fault, runs: '0', told: `not tried: ${row.told}`, remained: '', next: '' };
  return {
    fault: row.fault,
    runs: String(row.runs),
    told: tidy(row.told) || '(nothing)',
    remained: row.failure
      ? `FAILED: ${tidy(row.failure).slice(0, 200)}`
      : row.remained.join(', ') || 'nothing',
    next: row.next === 'works' ? 'works' : 'FAILED',
  };
}

const tidy = (text: string) => stripVTControlCharacters(text).replace(/\s+/g, ' ').trim();
const escaped = (text: string) => text.replaceAll('|', '\\|');

function linesOf(row: Record<Column, string>): string[] {
  const columns = (Object.keys(WIDTHS) as Column[]).map((column) =>
    wrap(row[column], WIDTHS[column]),
  );
  const height = Math.max(...columns.map((lines) => lines.length));
  return Array.from({ length: height }, (_, n) =>
    columns
      .map((lines, i) => (lines[n] ?? '').padEnd(Object.values(WIDTHS)[i]!))
      .join('  ')
      .trimEnd(),
  );
}

function wrap(text: string, width: number): string[] {
  const words = text
    .split(' ')
    .flatMap((word) => word.match(new RegExp(`.{1,${width}}`, 'gu')) ?? ['']);
  const lines: string[] = [''];
  for (const word of words) {
    const line = lines.at(-1)!;
    if (line && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines;
}
