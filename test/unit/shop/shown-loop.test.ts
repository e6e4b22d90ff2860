import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../../lib/src/paths.ts';

interface Cell {
  id: string;
  source: string[];
}

const linesOf = (code: string) => code.split('\n').map((line) => line.trim());

test('what notebook 11 shows of a service is what the service does', () => {
  const path = join(root, 'notebooks', '11-delivery-guarantees.ipynb');
  const { cells } = JSON.parse(readFileSync(path, 'utf8')) as { cells: Cell[] };
  const shown = /```ts\n([^`]+)```/.exec(
    cells.find(({ id }) => id === 'the-loop')?.source.join('') ?? '',
  );
  const source = linesOf(readFileSync(join(root, 'lib', 'src', 'shop', 'in-parts.ts'), 'utf8'));
  const loop = source.slice(source.indexOf('for (const part of partsOf(messages, every)) {'));
  // It leaves out where a service stands still, and nothing else.
  const told = loop.filter((line) => !line.includes('between()'));
  const lines = linesOf(shown?.[1]?.trim() ?? '');
  expect(lines.length).toBeGreaterThan(5);
  expect(told.slice(0, lines.length)).toEqual(lines);
});
