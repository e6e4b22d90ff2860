import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { root } from '../../lib/src/paths.ts';
import type { Cell } from './notebook.ts';

export interface Output {
  output_type: string;
  data?: Record<string, string | string[]>;
  text?: string | string[];
  metadata?: Record<string, unknown>;
}

/** What `kafka-lab notebooks` printed, and how it ended. */
export interface HeadlessRun {
  printed: string;
  exitCode: number | null;
}

export function runHeadless(...args: string[]): Promise<HeadlessRun> {
  const command = [join(root, 'lib', 'bin', 'kafka-lab.js'), 'notebooks', ...args];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, command, { cwd: root }, (_, stdout, stderr) => {
      resolve({ printed: stdout + stderr, exitCode: child.exitCode });
    });
  });
}

export type ExecutedCell = Omit<Cell, 'outputs'> & { outputs?: Output[] };

export function cellsOf(folder: string, file: string): ExecutedCell[] {
  return JSON.parse(readFileSync(resolve(root, folder, file), 'utf8')).cells;
}

export const textOfSource = (source: string | string[] | undefined): string =>
  [source ?? ''].flat().join('');

/** What a cell said, as text. */
export function said(cell: ExecutedCell): string {
  return (cell.outputs ?? [])
    .map(({ text, data }) => textOfSource(text ?? data?.['text/plain']))
    .join('\n');
}

/** What the cells said that call `exercise` or `compare`. */
export function saidBy(call: 'exercise' | 'compare', cells: ExecutedCell[]): string[] {
  const callers = cells.filter(
    (cell) =>
      cell.cell_type === 'code' &&
      new RegExp(`(?<![.\\w])${call}\\(`).test(textOfSource(cell.source)),
  );
  return callers.map(said);
}
