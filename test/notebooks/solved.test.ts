import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { root } from '../../lib/src/paths.ts';
import { withChecksAgain } from '../support/checks-again.ts';
import { cellsOf, type HeadlessRun, runHeadless, saidBy } from '../support/course.ts';
import { ownState } from '../support/lab.ts';
import { exercisesOf, readNotebook, withSolutions } from '../support/notebook.ts';
import { withReading } from '../support/reading.ts';
import { accountsOf, witnessCell } from '../support/witness.ts';

const OWN_CODE = 'appendix-your-own-code.ipynb';
const course = join(root, 'notebooks');
const lessons = readdirSync(course)
  .filter((file) => /^\d.*\.ipynb$/.test(file))
  .map((file) => readNotebook(join(course, file)))
  .filter((notebook) => exercisesOf(notebook).length > 0);

// Where no package is: those of a learner whose lab somebody else has installed lie in such a folder.
const folder = join(ownState(), 'my notebooks');
let run: HeadlessRun;
const executed = (name: string) => cellsOf(join(folder, 'notebooks'), `${name}.ipynb`);
beforeAll(async () => {
  mkdirSync(folder);
  const ownCode = join(folder, OWN_CODE);
  copyFileSync(join(course, OWN_CODE), ownCode);
  const files = lessons.map((notebook) => {
    const path = join(folder, `${notebook.name}.ipynb`);
    const whole = withReading(withSolutions(notebook));
    whole.cells.push(witnessCell());
    const { name: _, ...content } = withChecksAgain(whole);
    writeFileSync(path, JSON.stringify(content));
    return path;
  });
  // A reader's pauses leave the processors to others.
  run = await runHeadless(...files, ownCode, '--jobs', '4', '--output', folder);
  // With their pauses they take four minutes beside others, and a busy machine twice that.
}, 600_000);

test('the notebooks run to their ends with the solutions put in, by somebody who reads between the cells and goes back to checks', () => {
  expect(run.exitCode, run.printed).toBe(0);
});

test.each(lessons)('$name: each solution solves its exercise', (notebook) => {
  const cells = executed(notebook.name);
  const verdicts = saidBy('exercise', cells);
  expect(verdicts).toHaveLength(2 * exercisesOf(notebook).length); // the second time at the end
  for (const verdict of verdicts) expect(verdict).toMatch(/^✓ Solved: /);
});

// All claims of a notebook are read from its ledger: here is what it is worth.
test.each(lessons)('$name: its ledger says what Kafka’s own tool says', (notebook) => {
  const { accounts, committedTo } = accountsOf(executed(notebook.name));
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
