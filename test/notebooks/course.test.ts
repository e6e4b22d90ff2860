import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { ON_STAGE } from '../../lib/src/host.ts';
import { installed, root } from '../../lib/src/paths.ts';
import { makeSite } from '../../lib/src/site/index.ts';
import type { Notebook } from '../../lib/src/slides/index.ts';
import { prepared } from '../../lib/src/slides/preparing.ts';
import {
  cellsOf,
  type ExecutedCell,
  type HeadlessRun,
  runHeadless,
  saidBy,
  textOfSource,
} from '../support/course.ts';
import { drawingsIn } from '../support/drawings.ts';
import { ownState } from '../support/lab.ts';
import { sectionsOf, textOfHtml } from '../support/site.ts';

const names = readdirSync(join(root, 'notebooks')).filter((file) => file.endsWith('.ipynb'));
const executed = (name: string) => cellsOf('build/notebooks', name);

let run: HeadlessRun;
ownState();
beforeAll(async () => {
  // Named, as this file's state is elsewhere. What reads the executed course after this looks for it here.
  run = await runHeadless('--output', join(root, 'build'));
}, 600_000);

test('the headless run passes, with one line for each notebook', () => {
  expect(run.printed, run.printed).toMatch(/\d+ notebooks passed/);
  expect(run.exitCode, run.printed).toBe(0);
  for (const name of names) expect(run.printed).toContain(basename(name, '.ipynb'));
  expect(run.printed).not.toContain('after the cell had ended');
});

test.each(names)('%s: every code cell ran, and each chart has picture and sentence', (name) => {
  const code = executed(name).filter(({ cell_type }) => cell_type === 'code');
  expect(code.map(({ execution_count }) => execution_count)).toEqual(code.map((_, i) => i + 1));
  for (const data of chartsOf(name)) {
    expect(textOfSource(data['image/svg+xml'])).toMatch(/^<svg/);
    expect(textOfSource(data['text/plain'])).toMatch(/\d/);
  }
  if (code.length > 0) expect(chartsOf(name).length).toBeGreaterThan(0);
});

test('each drawing that an executed copy shows lies beside it', () => {
  const shown = names.flatMap((name) =>
    executed(name).flatMap(({ cell_type, source }) =>
      cell_type === 'markdown' ? drawingsIn(textOfSource(source)) : [],
    ),
  );
  expect(shown).not.toEqual([]);
  expect(shown.filter((path) => !existsSync(join(root, 'build', 'notebooks', path)))).toEqual([]);
});

test.each(names)('%s as committed: nothing predicted, no exercise solved', (name) => {
  for (const verdict of saidBy('exercise', executed(name))) expect(verdict).toMatch(/^Not yet: /);
  for (const verdict of saidBy('compare', executed(name)))
    expect(verdict).toMatch(/^You made no prediction, and that is fine\./);
});

test.each(names)('%s on a stage: nothing is said of what was predicted or solved', (name) => {
  const notebook = { cells: executed(name), metadata: {} } as unknown as Notebook;
  const { cells } = prepared(notebook, { solutions: true, others: [] });
  expect(JSON.stringify(cells)).not.toMatch(/You made no prediction|Not yet: /);
});

test('the pages of the site show all that cells showed, in its order', {
  timeout: 60_000,
}, async () => {
  const output = mkdtempSync(join(tmpdir(), 'site '));
  try {
    const pages = names.map((name) => basename(name, '.ipynb'));
    const folder = join(root, 'build', 'notebooks');
    await makeSite({ names: pages, executed: folder, output, repository: undefined });
    for (const name of pages) {
      const sections = sectionsOf(readFileSync(join(output, `${name}.html`), 'utf8'));
      const cells = executed(`${name}.ipynb`);
      expect(sections.map(({ id }) => id)).toEqual(cells.map(({ id }) => id));
      for (const [i, cell] of cells.entries()) {
        const page = squeezed(textOfHtml(sections[i]!.outputs));
        let at = 0;
        for (const one of shownBy(cell)) {
          at = page.indexOf(squeezed(one), at);
          expect(at, `${name}, ${cell.id}: ${one}`).toBeGreaterThanOrEqual(0);
          at += squeezed(one).length;
        }
      }
    }
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
});

const squeezed = (text: string) => text.replace(/\s+/g, ' ').trim();

/** What a cell showed, as text; of what speaks to a learner, pages show something else. */
function shownBy({ outputs = [] }: ExecutedCell): string[] {
  return outputs
    .filter(({ metadata = {} }) => !(ON_STAGE in metadata))
    .map(({ text, data }) => textOfSource(text ?? data?.['text/plain']));
}

/** Words that charts say, and the notebook that explains them. */
const WORDS: [RegExp, string][] = [[/commit/i, '04']];

test.each(names)('%s: no chart says a word that comes later', (name) => {
  for (const [word, explained] of WORDS) {
    if (/^\d/.test(name) && name < explained)
      expect(JSON.stringify(chartsOf(name))).not.toMatch(word);
  }
});

test('the charts are in a static page, too: nbconvert takes the SVG', {
  timeout: 60_000,
}, async () => {
  const file = join(root, 'build', 'notebooks', '06-fan-out.ipynb');
  const command = ['-m', 'nbconvert', '--to', 'html', '--stdout', file];
  const { stdout } = await promisify(execFile)(installed().python, command, {
    maxBuffer: 50_000_000,
  });
  const pictures =
    stdout.match(/<img[^>]+src="data:image\/svg\+xml;base64,|<svg[^>]+aria-label=/g) ?? [];
  expect(chartsOf('06-fan-out.ipynb').length).toBeGreaterThan(2);
  expect(pictures).toHaveLength(chartsOf('06-fan-out.ipynb').length);
});

function chartsOf(name: string): Record<string, string | string[]>[] {
  const outputs = executed(name).flatMap((cell) => cell.outputs ?? []);
  const bundles = outputs.map(({ data = {} }) => data);
  return bundles.filter((data) => 'application/vnd.vegalite.v5+json' in data);
}
