import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../../lib/src/paths.ts';

interface Cell {
  id: string;
  source: string[];
}

const linesOf = (code: string) => code.split('\n').map((line) => line.trim());

/** The pieces of code that a cell of prose shows, as lines. */
function shownIn(notebook: string, cell: string): string[][] {
  const path = join(root, 'notebooks', `${notebook}.ipynb`);
  const { cells } = JSON.parse(readFileSync(path, 'utf8')) as { cells: Cell[] };
  const text = cells.find(({ id }) => id === cell)?.source.join('') ?? '';
  return [...text.matchAll(/```ts\n([^`]+)```/g)].map(([, code = '']) => linesOf(code.trim()));
}

/** The lines of a source, without those that are not shown. */
function toldBy(file: string, hidden: RegExp): string[] {
  const source = readFileSync(join(root, 'lib', 'src', 'shop', file), 'utf8');
  return linesOf(source).filter((line) => !hidden.test(line));
}

test('what notebook 11 shows of a service is what the service does', () => {
  const [shown = []] = shownIn('11-delivery-guarantees', 'the-loop');
  // It leaves out where a service stands still, and nothing else.
  const source = toldBy('in-parts.ts', /between\(\)/);
  const loop = source.slice(source.indexOf('for (const part of partsOf(messages, every)) {'));
  expect(shown.length).toBeGreaterThan(5);
  expect(loop.slice(0, shown.length)).toEqual(shown);
});

test('what notebook 12 shows of billing five orders is what the service does', () => {
  const pieces = shownIn('12-transactions', 'the-loop');
  // It leaves out where a service stands still, and what it reports.
  const source = toldBy('pass-on.ts', /stood\(|done\(\)/);
  expect(pieces.map(({ length }) => length)).toEqual([2, 4]);
  for (const piece of pieces) {
    const start = source.indexOf(piece[0] as string);
    expect(source.slice(start, start + piece.length)).toEqual(piece);
  }
});
