import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { root } from '../../lib/src/paths.ts';
import { cellsOf, type HeadlessRun, runHeadless, saidBy } from '../support/course.ts';
import { ownState } from '../support/lab.ts';
import { exercisesOf, readNotebook, withSolutions } from '../support/notebook.ts';
import { withReading } from '../support/reading.ts';
import { accountsOf, witnessCell } from '../support/witness.ts';

// Below build/, from where notebooks find the lab's packages.
const folder = join(root, 'build', 'solved');
const lessons = readdirSync(join(root, 'notebooks'))
  .filter((file) => /^\d.*\.ipynb$/.test(file))
  .map((file) => readNotebook(join(root, 'notebooks', file)))
  .filter((notebook) => exercisesOf(notebook).length > 0);

let run: HeadlessRun;
ownState();
beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const files = lessons.map((notebook) => {
    const path = join(folder, `${notebook.name}.ipynb`);
    const { name: _, ...content } = withReading(withSolutions(notebook));
    const cells = [...content.cells, witnessCell()];
    writeFileSync(path, JSON.stringify({ ...content, cells }));
    return path;
  });
  // A reader's pauses leave the processors to others.
  run = await runHeadless(...files, '--jobs', '4', '--output', folder);
}, 400_000);

test('the notebooks run to their ends with the solutions put in, by somebody who reads between the cells', () => {
  expect(run.exitCode, run.printed).toBe(0);
});

test.each(lessons)('$name: each solution solves its exercise', (notebook) => {
  const executed = cellsOf('build/solved/notebooks', `${notebook.name}.ipynb`);
  const verdicts = saidBy('exercise', executed);
  expect(verdicts).toHaveLength(exercisesOf(notebook).length);
  for (const verdict of verdicts) expect(verdict).toMatch(/^✓ Solved: /);
});

// All claims of a notebook are read from its ledger: here is what it is worth.
test.each(lessons)('$name: its ledger says what Kafka’s own tool says', (notebook) => {
  const file = `${notebook.name}.ipynb`;
  const { accounts, committedTo } = accountsOf(cellsOf('build/solved/notebooks', file));
  const places = accounts.map(({ place }) => place);
  expect(places).toEqual(expect.arrayContaining(committedTo));
  expect(committedTo).not.toEqual([]);
  for (const { place, committed, ledger, end, produced, member, owner } of accounts) {
    expect({ place, end, member }).toEqual({ place, end: produced, member: owner });
    // Whoever still reads may commit while the tool is asked. Nothing is less, or more, than NaN: nothing committed.
    const agree = Object.is(ledger.from, ledger.to)
      ? Object.is(committed, ledger.to)
      : !(committed < ledger.from) && !(committed > ledger.to);
    expect(agree, `${place}: ${JSON.stringify({ committed, ledger })}`).toBe(true);
  }
});
