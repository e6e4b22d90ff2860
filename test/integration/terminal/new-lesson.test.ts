import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { skeletonOf } from '../../../lib/src/lessons/skeleton.ts';
import { root } from '../../../lib/src/paths.ts';
import { cellsOf, runHeadless, saidBy } from '../../support/course.ts';
import { ownState } from '../../support/lab.ts';
import { type Notebook, withSolutions } from '../../support/notebook.ts';

// Below build/, from where notebooks find the lab's packages.
const folder = join(root, 'build', 'skeleton');
ownState();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the skeleton of a lesson runs as it is, and its solution solves its exercise', {
  timeout: 120_000,
}, async () => {
  mkdirSync(folder, { recursive: true });
  // A name that no lesson will ever take from it.
  const skeleton = { name: '99-skeleton', ...skeletonOf('99-skeleton') } as unknown as Notebook;
  const write = (name: string, notebook: object) => {
    const path = join(folder, `${name}.ipynb`);
    writeFileSync(path, JSON.stringify(notebook));
    return path;
  };
  const files = [write('as-it-is', skeleton), write('solved', withSolutions(skeleton))];
  const { exitCode, printed } = await runHeadless(...files, '--output', folder);
  expect(exitCode, printed).toBe(0);
  const verdicts = ['as-it-is', 'solved'].map((name) =>
    saidBy('exercise', cellsOf('build/skeleton/notebooks', `${name}.ipynb`)),
  );
  expect(verdicts).toEqual([
    [expect.stringMatching(/^Not yet: /)],
    [expect.stringMatching(/^✓ Solved: /)],
  ]);
});
