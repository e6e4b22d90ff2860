import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { run } from '../../../lib/src/cli/main.ts';
import { lessonContents } from '../../../lib/src/lessons/contents.ts';
import { root } from '../../../lib/src/paths.ts';
import { type Notebook, timetable } from '../../../lib/src/slides/index.ts';
import type { SlideType } from '../../../lib/src/slides/notebook.ts';

const md = (source: string, slide_type: SlideType = 'slide') => ({
  ...{ id: 'prose', cell_type: 'markdown', source, metadata: { slideshow: { slide_type } } },
});
const code = (source: string) => ({ id: 'code', cell_type: 'code', source, metadata: {} });
const words = (n: number) => Array(n).fill('word').join(' ');

let out: ReturnType<typeof vi.spyOn>;
let err: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  out = vi.spyOn(console, 'log').mockImplementation(() => {});
  err = vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => vi.restoreAllMocks());

test('minutes are shared by what a section holds', () => {
  const cells = [
    md(`# Title\n\n${words(60)}`),
    md(`## Read\n\n${words(90)}`), // with the title, two minutes
    md(`## Run\n\n${words(30)}`),
    ...[code('await send()'), code('await read()'), code('show()')], // three minutes
    md('## Predict'),
    code('const n = predict.number();'), // 145 s
    md(`## Look\n\n![${words(99)}](a.svg)\n\n<details>${words(999)}</details>`), // 75 s
    md(`## Skipped\n\n${words(999)}`, 'skip'),
    { ...md('## Solve'), id: 'it-exercise' },
    code("exercise('solved', true);"), // 385 s
  ];
  const seconds = 120 + 180 + 145 + 75 + 385;
  expect(timetable(cells, seconds)).toEqual([
    { title: 'Read', from: 0 },
    { title: 'Run', from: 120 },
    { title: 'Predict', from: 300 },
    { title: 'Look', from: 445 },
    { title: 'Solve', from: 520 },
  ]);
});

test('two sections of one cell are two; a heading in code is none', () => {
  const cells = [md(`## A\n\n${words(9)}\n\n\`\`\`sh\n## no\n\`\`\`\n\n## B\n\n${words(9)}`)];
  expect(timetable(cells, 10)).toEqual([
    { title: 'A', from: 0 },
    { title: 'B', from: 5 },
  ]);
});

const lessons = lessonContents(join(root, 'notebooks'));

test.each(lessons)('$name: sections begin in order, and all minutes are shared', (lesson) => {
  const { name, minutes } = lesson;
  const notebook = readFileSync(join(root, 'notebooks', `${name}.ipynb`), 'utf8');
  const sections = timetable((JSON.parse(notebook) as Notebook).cells, minutes!);
  expect(sections[0]).toEqual({ title: expect.any(String), from: 0 });
  expect(sections.length).toBeGreaterThan(4);
  const ends = [...sections.slice(1).map(({ from }) => from), minutes!];
  const lengths = sections.map(({ from }, i) => ends[i]! - from);
  for (const length of lengths) expect(length).toBeGreaterThanOrEqual(0);
  expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(minutes);
  // A class is not left without time for its exercise.
  const turns = sections.flatMap(({ title }, i) => (title === 'Your turn' ? [lengths[i]!] : []));
  for (const turn of turns) expect(turn).toBeGreaterThanOrEqual(2);
});

test('the command counts from a time, lesson after lesson', async () => {
  expect(await run(['timetable', '05', '06', '--at', '9:50'])).toBe(0);
  const said = out.mock.calls.flat().join('\n');
  expect(said).toMatch(
    /^05 · Scaling: more consumers in one group, 20 minutes\n 9:50 {2}The idea\n/,
  );
  expect(said).toMatch(/\n06 · [^\n]+, 10 minutes\n10:10 {2}/);
  expect(said).toMatch(/\n10:20 {2}end$/);
});

test.each([
  [['timetable'], 2, /^Which lesson\? See/],
  [['timetable', '05', '--at', '25:00'], 2, /^--at takes a time such as 14:00, not '25:00'\. See/],
  [['timetable', 'appendix-glossary'], 1, /^appendix-glossary does not say how long it takes\.\n/],
  [['timetable', '77'], 1, /^There is no notebook '77'\.\n/],
])('%j is answered in a sentence', async (argv, code, sentence) => {
  expect(await run(argv)).toBe(code);
  expect(err.mock.calls[0]?.[0]).toMatch(sentence);
});
