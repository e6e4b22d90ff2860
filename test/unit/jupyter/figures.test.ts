import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../../lib/src/paths.ts';
import type { ExecutedCell } from '../../support/course.ts';
import { changedFigures, varying } from '../../support/figures.ts';
import { codeCells, readNotebook } from '../../support/notebook.ts';

const cell = (text: string): ExecutedCell => ({
  ...{ cell_type: 'code', id: 'race', metadata: {}, source: '' },
  outputs: [{ output_type: 'stream', text }],
});
const changed = (id: string, ...texts: string[]) =>
  changedFigures('05-scaling', new Map([[id, texts.map(cell)]]));

const RACE =
  'pair processed 120 records in 2.24 s (left 80, right 40). pair was 1.41 times as fast; share is 1.50.';

test('a count, a verdict or a bound that changes is a change; a time, a fresh name and an order are none', () => {
  expect(changed('race', RACE, RACE.replace('2.24', '1.81').replace('1.41', '1.55'))).toEqual([]);
  expect(changed('race', RACE, RACE.replace(/pair/g, 'pair-2'))).toEqual([]);
  expect(changed('race', '[ 0, 3, 6 ]', '[ 6, 0, 3 ]')).toEqual([]);
  const twice = RACE.replace('120', '240').replace('80', '160').replace('40)', '80)');
  expect(changed('race', RACE, RACE, twice)).toEqual([
    expect.stringMatching(/^05-scaling, race: /),
  ]);
  expect(changed('race', RACE, RACE.replace('1.50', '1.49'))).toHaveLength(1);
  expect(changed('race', '✓ all', 'Not yet: all')).toHaveLength(1);
});

test('where a count may vary, a verdict may not', () => {
  expect(changed('check-drain', '✓ faster: 3166', '✓ faster: 2792')).toEqual([]);
  expect(changed('check-drain', '✓ faster: 3166', 'slower: 3166')).toHaveLength(1);
});

test('each cell whose counts may vary is there', () => {
  const folder = join(root, 'notebooks');
  const files = readdirSync(folder).filter((file) => file.endsWith('.ipynb'));
  const ids = files.flatMap((file) =>
    codeCells(readNotebook(join(folder, file))).flatMap(({ id }) => [
      id,
      `${file.slice(0, 2)}/${id}`,
    ]),
  );
  expect([...varying].filter((id) => !ids.includes(id))).toEqual([]);
});
