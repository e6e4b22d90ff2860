import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chart } from '../../../lib/src/charts/drawing/chart.ts';
import { bundle } from '../../../lib/src/charts/drawing/display.ts';
import { ON_STAGE } from '../../../lib/src/host.ts';
import { withWideCharts } from '../../../lib/src/slides/charts.ts';
import { marked, slideTypes } from '../../../lib/src/slides/marking.ts';
import { type Cell, type Notebook, sourceOf } from '../../../lib/src/slides/notebook.ts';
import { prepared } from '../../../lib/src/slides/preparing.ts';

let n = 0;
const cell = (cell_type: string, source: string, more: Partial<Cell> = {}): Cell => ({
  ...{ id: `cell-${n++}`, cell_type, source, metadata: {} },
  ...more,
});
const md = (source: string) => cell('markdown', source);
const code = (source: string) => cell('code', source, { outputs: [] });
const notebook = (...cells: Cell[]): Notebook => ({ cells, metadata: { kernelspec: {} } });

test('headings begin slides, code stands below short texts, prose behind code is for the presenter', () => {
  const cells: [Cell, string][] = [
    [md('# 05 · Title'), 'slide'],
    [md('More of the same.'), '-'],
    [md(`## The idea\n\n${'long '.repeat(120)}`), 'slide'],
    [code('openLab()'), 'subslide'],
    [md('What it shows.'), 'notes'],
    [md('## Short\n\nOne sentence.'), 'slide'],
    [code('a()'), '-'],
    [code('b()'), 'subslide'],
    [md('```\n# no heading\n```'), 'subslide'],
    [md('### Below'), 'subslide'],
    [code('c()'), '-'],
    [md('<details><summary>Hint 1</summary>\n\nx\n\n</details>'), 'subslide'],
  ];
  expect(slideTypes(cells.map(([c]) => c))).toEqual(cells.map(([, type]) => type));
});

test('what the author has said stays, and marking again changes nothing', () => {
  const type = fc.constantFrom('slide', 'subslide', 'fragment', 'skip', 'notes', '-', undefined);
  const anyCell = fc.record({
    kind: fc.constantFrom('markdown', 'code'),
    source: fc.constantFrom('# a', 'text', '### b', '```\nx\n```', '<details>'),
    type,
  });
  fc.assert(
    fc.property(fc.array(anyCell), (specs) => {
      const before = notebook(
        ...specs.map(({ kind, source, type: slide_type }) =>
          cell(kind, source, {
            metadata: { tags: ['kept'], ...(slide_type && { slideshow: { slide_type } }) } as any,
          }),
        ),
      );
      const once = marked(before);
      expect(marked(once)).toEqual(once);
      once.cells.forEach(({ metadata, ...rest }, i) => {
        const { metadata: old, ...same } = before.cells[i]!;
        expect(rest).toEqual(same);
        expect(metadata['tags']).toEqual(['kept']);
        expect(metadata.slideshow?.slide_type).toBeDefined();
        if (old.slideshow) expect(metadata.slideshow).toEqual(old.slideshow);
      });
    }),
  );
});

const help = md(
  '<details><summary>Hint 1</summary>\n\nlook\n\n</details>\n\n' +
    '<details>\n<summary>Solution</summary>\n\n```ts\nsecret()\n```\n\n</details>\n',
);

test('a solution is not in the page, or has a slide of its own; hints stay', () => {
  const hidden = prepared(notebook(md('# T'), help), { solutions: false, others: [] });
  expect(hidden.cells.map(sourceOf).join()).not.toContain('secret');
  expect(sourceOf(hidden.cells[1]!)).toContain('Hint 1');
  const shown = prepared(notebook(md('# T'), help), { solutions: true, others: [] });
  expect(shown.cells).toHaveLength(3);
  expect(sourceOf(shown.cells[2]!)).toBe('### Solution\n\n```ts\nsecret()\n```\n');
  expect(shown.cells[2]!.metadata.slideshow).toEqual({ slide_type: 'subslide' });
});

test('what speaks to the person at the notebook says itself what stands on a stage', () => {
  const output = (onStage: object) =>
    ({
      output_type: 'display_data',
      data: { 'text/plain': 'You …' },
      metadata: { [ON_STAGE]: onStage },
    }) as any;
  const outputs = [output({ 'text/markdown': '| 3 |' }), output({})];
  const { cells } = prepared(notebook(cell('code', 'compare()', { outputs })), {
    ...{ solutions: false, others: [] },
  });
  expect(cells[0]!.outputs!.map(({ data }) => data)).toEqual([{ 'text/markdown': '| 3 |' }]);
});

test('links lead to slides that are there; pictures stay, what draws the interactive ones does not', () => {
  const data = { 'image/svg+xml': '<svg/>', 'application/vnd.vegalite.v5+json': {} };
  const chart = cell('code', 'charts.log()', {
    outputs: [
      { output_type: 'display_data', data } as any,
      { output_type: 'stream', text: 'a' } as any,
    ],
  });
  const links = md(
    '[a](05-scaling.ipynb) and [b](06-fan-out.ipynb#top) and [c](https://kafka.js.org)',
  );
  const { cells } = prepared(notebook(links, chart), { solutions: false, others: ['05-scaling'] });
  expect(sourceOf(cells[0]!)).toBe('[a](05-scaling.html) and b and [c](https://kafka.js.org)');
  expect(cells[1]!.outputs).toEqual([
    { output_type: 'display_data', data: { 'image/svg+xml': '<svg/>' } },
    { output_type: 'stream', text: 'a' },
  ]);
});

test('charts are drawn anew, wider and no higher; two panels stay as they are', async () => {
  const spec = { width: 700, height: 100, mark: 'bar', data: { values: [{ n: 1 }] } };
  const encoding = { x: { field: 'n', type: 'quantitative' } };
  const size = /<svg [^>]*width="(\d+)" height="(\d+)"/;
  const of = async (drawing: object) => {
    const data = await bundle(chart('one', { ...drawing, encoding }));
    const cells = [cell('code', 'charts.x()', { outputs: [{ data }] })];
    const [wide] = (await withWideCharts(notebook(...cells))).cells;
    const pictures = [data, wide!.outputs![0]!.data!].map((each) => String(each['image/svg+xml']));
    return pictures.map((svg) => size.exec(svg)!.slice(1).map(Number));
  };
  const [[width, height], wide] = (await of(spec)) as [[number, number], [number, number]];
  expect(width).toBe(700);
  expect(wide).toEqual([870, height]);
  const [panels, same] = await of({ width: undefined, autosize: undefined, hconcat: [spec, spec] });
  expect(same).toEqual(panels);
});
