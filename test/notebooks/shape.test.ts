import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lessonContents } from '../../lib/src/lessons/contents.ts';
import { root } from '../../lib/src/paths.ts';
import { drawingFaults, drawingsIn } from '../support/drawings.ts';
import {
  type Cell,
  type Notebook,
  proseCells,
  readNotebook,
  textOf,
  withSolutions,
} from '../support/notebook.ts';
import { LANGUAGE, linkFaults, shapeFaults } from '../support/notebook-shape.ts';

const folder = join(root, 'notebooks');
const files = readdirSync(folder).filter((file) => file.endsWith('.ipynb'));
const course = files.sort().map((file) => readNotebook(join(folder, file)));

test.each(course)('$name has the shape of a lesson', (notebook) => {
  expect(shapeFaults(notebook)).toEqual([]);
});

test.each(['README.md', 'notebooks/00-start-here.ipynb'])(
  'the contents in %s say the minutes of each lesson',
  (file) => {
    const text = readFileSync(join(root, file), 'utf8');
    for (const { name, minutes } of lessonContents()) {
      const row = new RegExp(`\\*?\\*?\\[?${name.slice(0, 2)} · .*\\| (\\d+) \\|`).exec(text);
      expect({ name, minutes: Number(row?.[1]) }).toEqual({ name, minutes });
    }
  },
);

test('every link leads somewhere, and neighbours link to each other', () => {
  expect(linkFaults(course, (target) => existsSync(join(folder, target)))).toEqual([]);
});

test('drawings share one style, and each is shown', () => {
  const drawings = readdirSync(join(folder, 'drawings'));
  const faults = drawings.flatMap((name) =>
    drawingFaults(name, readFileSync(join(folder, 'drawings', name), 'utf8')),
  );
  expect(faults).toEqual([]);
  const shown = course.flatMap((notebook) =>
    proseCells(notebook).flatMap((cell) => drawingsIn(textOf(cell))),
  );
  expect(drawings.map((name) => `drawings/${name}`).sort()).toEqual([...new Set(shown)].sort());
});

test.each<[string, string, RegExp]>([
  ['width="680"', 'width="701"', /701 px wide/],
  ['<title>A log of records</title>', '', /no title/],
  ['class="ground"', '', /no ground/],
  ['</svg>', '<a href="https://kafka.example"/></svg>', /more than a picture/],
  ['</svg>', '<script>1</script></svg>', /more than a picture/],
])('a drawing with %s changed to %j', (part, change, fault) => {
  const good =
    '<svg width="680" height="100"><title>A log of records</title><rect class="ground"/></svg>';
  expect(drawingFaults('log.svg', good)).toEqual([]);
  expect(drawingFaults('log.svg', good.replace(part, change)).join()).toMatch(fault);
});

const md = (id: string, source: string): Cell => ({
  ...{ cell_type: 'markdown', id, metadata: {}, source },
});
const code = (id: string, source: string): Cell => ({
  ...{ cell_type: 'code', id, metadata: {}, source, outputs: [], execution_count: null },
});

const HELP =
  '<details><summary>Hint 1</summary>\n\nTwo.\n\n</details>\n\n' +
  '<details><summary>Solution</summary>\n\n```ts\nconst members = 2;\n```\n\n</details>';

const good = (): Notebook => ({
  name: '99-lesson',
  metadata: { kernelspec: { name: 'kafka-lab' }, language_info: LANGUAGE },
  cells: [
    md('title', '# 99 · A lesson\n\n**After this notebook you can** see.'),
    {
      ...md('time-and-neighbours', 'It takes ten minutes.\nBack: [00](00.ipynb)'),
      metadata: { slideshow: { slide_type: 'skip' } },
    },
    md('the-idea', '## The idea\n\nShort.'),
    md('predict-it', '## Predict'),
    code('prediction-it', 'const guess = predict.number();'),
    code('the-chart', 'charts.log(lab.ledger)'),
    code('the-check', "check('it is so', { observed: 1, expected: 1 });\ncompare(guess, 1);"),
    md('more-exercise', '## Your turn'),
    code('more-start', 'const members = 1;'),
    code('more-check', "exercise('two members', { observed: members, expected: 2 });"),
    md('more-help', HELP),
    md(
      'remember',
      '## Remember\n\n- one\n- two,\n  longer\n- three\n\n## What bites in production\n\nIt.',
    ),
  ],
});

/** The good lesson with one cell changed, or left out. */
function but(id: string, change: Partial<Cell> | undefined): Notebook {
  const notebook = good();
  const cells = notebook.cells.flatMap((cell) =>
    cell.id !== id ? cell : change ? ({ ...cell, ...change } as Cell) : [],
  );
  return { ...notebook, cells };
}

describe('what the checker finds', () => {
  test('a good lesson has no fault', () => {
    expect(shapeFaults(good())).toEqual([]);
  });

  test.each<[string, Partial<Cell> | undefined, RegExp]>([
    ['more-start', undefined, /more has no cell more-start/],
    ['more-check', { source: '1' }, /no cell more-check that calls exercise/],
    ['more-help', undefined, /exercise more has no hint/],
    ['more-help', { source: HELP.replace('Hint 1', 'Notes') }, /has no hint/],
    ['more-help', { source: HELP.replace('```ts', '```') }, /has no solution/],
    ['more-exercise', { source: '## Exercise' }, /has no "Your turn"/],
    ['more-exercise', undefined, /it has no exercise/],
    ['predict-it', undefined, /has no "Predict"/],
    ['the-idea', { source: '## Remember' }, /has no "The idea"/],
    ['prediction-it', { source: 'const guess = 1;' }, /nothing is predicted/],
    ['the-check', { source: 'compare(guess, 1);' }, /nothing is checked/],
    ['the-check', { source: "check('it is so', x);" }, /no prediction is compared/],
    ['the-check', { source: 'check(claim, x);\ncompare(guess, 1);' }, /claims only 1 begin a line/],
    ['more-check', { source: "exercise('it is so', x);" }, /"it is so" is claimed twice/],
    ['the-chart', { source: '1' }, /it draws nothing/],
    ['the-chart', { source: 'charts.log(x); charts.lag(x)' }, /more than one chart/],
    ['the-chart', { source: 'charts.log(x)\n'.repeat(20) }, /the-chart has 21 lines/],
    ['the-chart', { source: `charts.log(x) // ${'x'.repeat(100)}` }, /has 117 columns/],
    [
      'the-chart',
      { source: 'const members = 1;\ncharts.log(x)' },
      /more-check uses members, which/,
    ],
    ['the-chart', { outputs: [{}] }, /the-chart has stored outputs/],
    ['the-chart', { execution_count: 3 }, /the-chart has a stored count/],
    ['the-chart', { metadata: { tags: ['raises-exception'] } }, /tagged raises-exception/],
    ['the-idea', { source: '## The idea\n\nTODO: say it' }, /the-idea says TODO/],
    ['the-chart', { id: 'more-start' }, /two cells have the id more-start/],
    ['the-chart', { id: '4f2a90bc' }, /the cell id 4f2a90bc says nothing/],
    [
      'the-idea',
      { source: '## The idea\n\n![log](drawings/log.svg)' },
      /without an alternative text/,
    ],
    ['the-idea', { source: '## The idea\n\n│ r0 │' }, /draws with letters/],
    ['title', { source: '# A lesson' }, /no title "# NN/],
    ['time-and-neighbours', undefined, /does not say its minutes.*no links back/s],
    ['time-and-neighbours', { metadata: {} }, /says "takes ten minutes" on a slide.*"Back: \["/s],
    ['predict-it', { source: '## Predict\n\nPress it, and hover.' }, /says "Press" on a slide/],
    ['remember', { source: '## Remember\n\n- one' }, /has no "What bites in production"/],
    [
      'remember',
      { source: '## Remember\n\n- one\n\n## What bites in production' },
      /no list of three/,
    ],
  ])('%s changed to %j', (id, change, fault) => {
    expect(shapeFaults(but(id, change)).join('\n')).toMatch(fault);
  });

  test('a part that comes too early, and another kernel', () => {
    const { cells, ...rest } = good();
    expect(shapeFaults({ ...rest, cells: [...cells].reverse() }).join('\n')).toMatch(
      /comes before/,
    );
    expect(shapeFaults({ ...good(), metadata: {} }).join('\n')).toMatch(/its kernel is undefined/);
    const earlier = { ...good().metadata, language_info: { version: '5.0.4' } };
    expect(shapeFaults({ ...good(), metadata: earlier }).join('\n')).toMatch(/its language is not/);
  });

  test('a dead link, and a neighbour that does not link back', () => {
    const first = { ...good(), name: '00-first' };
    first.cells = [md('title', 'Next: [99](99-lesson.ipynb) and [gone](gone.ipynb)')];
    const faults = linkFaults([first, good()], (target) => !target.startsWith('gone'));
    expect(faults).toEqual([
      '00-first: its link to gone.ipynb is dead',
      '00-first: goes on with 99-lesson, which goes back to 00',
    ]);
  });
});

test('a solution takes the place of the starting point, and of nothing else', () => {
  const solved = withSolutions(good());
  const changed = solved.cells.filter((cell, i) => cell.source !== good().cells[i]?.source);
  expect(changed.map(({ id, source }) => ({ id, source }))).toEqual([
    { id: 'more-start', source: 'const members = 2;' },
  ]);
});
