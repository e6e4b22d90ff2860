import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { skeletonOf } from '../../../lib/src/lessons/skeleton.ts';
import type { Notebook } from '../../support/notebook.ts';
import { linkFaults, shapeFaults } from '../../support/notebook-shape.ts';

const folder = mkdtempSync(join(tmpdir(), 'course-'));
beforeAll(() => {
  const cells = [{ cell_type: 'markdown', source: '# 05 · Scaling: more consumers' }];
  writeFileSync(join(folder, '05-scaling.ipynb'), JSON.stringify({ cells }));
});
afterAll(() => rmSync(folder, { recursive: true }));

const skeleton = (name: string) =>
  ({ name, ...skeletonOf(name, folder) }) as unknown as Notebook & { name: string };

test('a skeleton has the shape of a lesson, but for what its author has to write', () => {
  const notebook = skeleton('19-my-lesson');
  const faults = shapeFaults(notebook);
  expect(faults.filter((fault) => !fault.endsWith(' says TODO'))).toEqual([]);
  expect(faults.length).toBeGreaterThan(5);
  expect(linkFaults([notebook], (target) => target === '05-scaling.ipynb')).toEqual([]);
  expect(notebook.cells[1]!.source).toContain(
    'Back: [05 · Scaling: more consumers](05-scaling.ipynb)',
  );
  expect([notebook.cells[0]!.source].flat()[0]).toBe('# 19 · My lesson\n');
});

test.each([
  'lesson',
  '7-short',
  '07-',
  '07-Big',
  '07_under',
  '../07-up',
  `07-${'x'.repeat(60)}`,
  '',
])('%j is no name of a lesson', (name) => {
  expect(() => skeleton(name)).toThrow(/cannot be the name of a lesson.*such as 19-my-lesson/s);
});

test('a name or number that is taken is answered with one that is free', () => {
  for (const name of ['05-scaling', '05-other'])
    expect(() => skeleton(name)).toThrow(
      /^Number 05 is taken by 05-scaling\.ipynb\. Choose .* 00-/,
    );
});
