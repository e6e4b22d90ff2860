import { expect, test } from 'vitest';
import { type Chart, chart } from '../../../lib/src/charts/drawing/chart.ts';
import { bundle } from '../../../lib/src/charts/drawing/display.ts';
import { fitted } from '../../../lib/src/charts/drawing/fitted.ts';
import { nothingYet } from '../../../lib/src/charts/drawing/rows.ts';
import { charts } from '../../../lib/src/charts/index.ts';
import { output } from '../../../lib/src/site/cells/outputs.ts';
import { interactive } from '../../../lib/src/site/charts/interactive.ts';
import { picture } from '../../../lib/src/site/charts/picture.ts';
import { replayOf, withoutInputs } from '../../../lib/src/site/charts/replay.ts';
import { Headings } from '../../../lib/src/site/text/headings.ts';
import type { Markdown } from '../../../lib/src/site/text/markdown.ts';
import { printed } from '../../../lib/src/site/text/terminal.ts';
import { thumbnail } from '../../../lib/src/site/thumbnails.ts';
import { scalingHistory } from '../../support/history.ts';

test.each([
  [
    '\u001b[31mred\u001b[39m and \u001b[1mbold\u001b[0m',
    '<span class="ansi-red">red</span> and <span class="ansi-bold">bold</span>',
  ],
  ['\u001b[38;5;196mloud\u001b[0m', 'loud'],
  ['\u001b[38;2;1;2;3;32mgreen', '<span class="ansi-green">green</span>'],
  ['\u001b[2J\u001b]0;title\u0007<b>\u001b[91m&', '&lt;b&gt;<span class="ansi-red">&amp;</span>'],
  ['\u001b[mplain\u0008', 'plain\u{FFFD}'],
])('what a program printed keeps its colours and nothing else: %j', (text, html) => {
  expect(printed(text)).toBe(html);
});

const named = { id: 'p', caption: 'p-says' };

test('a picture that only draws becomes a part of the page, its ids its own', () => {
  const svg =
    '<svg width="7"><defs><clipPath id="clip0"><path d="M1.23456,2"/></clipPath></defs><g clip-path="url(#clip0)" aria-label="x"><text>a &lt; "b"</text></g></svg>';
  expect(picture(svg, named)).toBe(
    '<svg role="img" aria-labelledby="p-says" width="7"><defs><clipPath id="p-clip0"><path d="M1.23,2"/></clipPath></defs><g clip-path="url(#p-clip0)"><text>a &lt; "b"</text></g></svg>',
  );
});

test.each([
  '<svg onload="alert(1)"></svg>',
  '<svg><script>alert(1)</script></svg>',
  '<svg><a xlink:href="javascript:alert(1)">x</a></svg>',
  '<svg><foreignObject></foreignObject></svg>',
  '<svg><style>*{}</style></svg>',
  '<svg><rect fill="url(http://127.0.0.1/x)"/></svg>',
  "<svg><rect onclick='x'/></svg>",
  '<svg><rect/x onclick=x></svg>',
  '<img src="x">',
])('any other picture stands there as an image: %s', (svg) => {
  expect(picture(svg, named)).toMatch(/^<img src="data:image\/svg\+xml;base64,[\w+/=]+" [^<]*>$/);
});

test('a chart is as wide as the page says, however its panels lie', async () => {
  const { ledger, topic, group } = scalingHistory();
  const one = await interactive(fitted(charts.assignment(ledger, { group }).spec));
  expect(one.signals?.[0]).toEqual({ name: 'room', value: 700 });
  const width = { name: 'width', value: 700, update: 'room' };
  expect(one.signals).toContainEqual(width);
  const below = await interactive(fitted(charts.replay(ledger, { topic, group }).spec));
  const less = expect.stringMatching(/^room - \d+$/);
  expect(below.signals).toContainEqual({ ...width, update: less });
  const values = [{ n: 1 }];
  const panel = { data: { values }, mark: 'bar', width: 280, encoding: { x: { field: 'n' } } };
  const beside = await interactive(
    fitted(chart('two', { width: undefined, hconcat: [panel, panel] }).spec),
  );
  expect(beside.signals).toContainEqual({ name: 'childWidth', update: '(room - 138) / 2' });
  for (const vega of [one, below, beside]) expect(JSON.stringify(vega)).not.toContain('windowSize');
});

test('a replay says who owns what, from when on', async () => {
  const { ledger, topic, group } = scalingHistory();
  const { spec } = charts.replay(ledger, { topic, group });
  const replay = replayOf(spec);
  expect(replay).toMatchObject({ last: expect.any(Number), step: expect.any(Number) });
  const said = replay!.said.map(([, sentence]) => sentence);
  expect(said).toEqual([
    'Nothing has an owner yet.',
    'a owns partitions 0, 1 and 2.',
    'nobody owns partitions 0, 1 and 2.',
    'b owns partition 1; nobody owns partitions 0 and 2.',
    'a owns partitions 0 and 2; b owns partition 1.',
  ]);
  expect(replay!.said[0]![0]).toBe(0);
  const times = replay!.said.map(([time]) => time);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  const { signals } = withoutInputs(await interactive(spec));
  expect(signals?.map(({ name }) => name)).not.toContain('play');
  expect(signals?.find(({ name }) => name === 't')).toEqual({ name: 't', value: replay!.last });
  expect(replayOf(charts.assignment(ledger, { group }).spec)).toBeUndefined();
});

test('lines of a table do not wrap, and scroll by keyboard; other output wraps', async () => {
  const shown = (text: string) => output({ text }, 'a', {} as Markdown);
  expect(await shown('┌─┬─┐\n│ 0 │\n└─┴─┘\n')).toMatch(/^<pre class="table" tabindex="0">┌─/);
  expect(await shown('a long line')).toBe('<pre>a long line</pre>');
});

test('no two headings of a page have the same id, also where one is named as another would be', () => {
  const headings = new Headings();
  for (const text of ['Step', 'Step 2', 'Step', 'Step', 'Step 2']) headings.add(2, text);
  expect(headings.all.map(({ id }) => id)).toEqual([
    'Step',
    'Step-2',
    'Step-3',
    'Step-4',
    'Step-2-2',
  ]);
});

test('in the contents, the first chart that draws something stands for a notebook without drawings', async () => {
  const none = chart('none', nothingYet('Lag', 'nobody has read a record yet, '.repeat(20)));
  const low = chart('one', { height: 20, data: { values: [{ n: 1 }] }, mark: 'bar' });
  const pictureOf = async (...shown: Chart[]) => {
    const outputs = [];
    for (const each of shown) outputs.push({ data: await bundle(each) });
    const cells = [{ id: 'a', cell_type: 'code', source: '', metadata: {}, outputs }];
    const files = new Map<string, string | Buffer>();
    const path = thumbnail({ cells, metadata: {} }, 'mine', files);
    return path && files.get(path);
  };
  expect(await pictureOf(none)).toBeUndefined();
  expect(await pictureOf(none, low)).toBe((await bundle(low))['image/svg+xml']);
});
