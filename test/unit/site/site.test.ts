import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { run } from '../../../lib/src/cli/main.ts';
import { makeSite } from '../../../lib/src/site/index.ts';
import { type Cell, sourceOf } from '../../../lib/src/slides/notebook.ts';
import { ROOT } from '../../support/command.ts';
import { executedNotebook, writeExecuted } from '../../support/executed.ts';
import { folderForTest } from '../../support/folder.ts';
import { sectionsOf, textOfHtml, wordsOfMarkdown } from '../../support/site.ts';

const notebooks = join(ROOT, 'notebooks');
const course = readdirSync(notebooks)
  .filter((file) => file.endsWith('.ipynb'))
  .map((file) => basename(file, '.ipynb'));
const cellsOf = (name: string): Cell[] =>
  JSON.parse(readFileSync(join(notebooks, `${name}.ipynb`), 'utf8')).cells;

const output = mkdtempSync(join(tmpdir(), 'site tëst, '));
afterAll(() => rmSync(output, { recursive: true, force: true }));
const page = (name: string) => readFileSync(join(output, `${name}.html`), 'utf8');
beforeAll(async () => {
  // As committed, without outputs: what each cell says is here.
  await makeSite({
    names: course,
    executed: notebooks,
    output,
    repository: 'https://example.org/lab',
  });
}, 120_000);

test.each(course)('%s: its page has all cells in their order, word for word', (name) => {
  const sections = sectionsOf(page(name));
  const cells = cellsOf(name);
  expect(sections.map(({ id }) => id)).toEqual(cells.map(({ id }) => id));
  for (const [i, cell] of cells.entries()) {
    const { html } = sections[i]!;
    if (cell.cell_type === 'code')
      expect(textOfHtml(html).trim(), cell.id).toBe(sourceOf(cell).trim());
    else expect(textOfHtml(html).match(/[\p{L}\p{N}]+/gu)).toEqual(wordsOfMarkdown(sourceOf(cell)));
  }
});

test('a page without code does not ask its reader to run it', () => {
  expect(page('05-scaling')).toContain('Run it yourself</h2>');
  expect(page('appendix-what-next')).toContain('Run the lessons yourself</h2>');
  expect(page('appendix-what-next')).not.toContain('you can run it');
});

const idsOf = (html: string) =>
  [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => textOfHtml(id!));

test('each page has one h1, a way to run it, and links to what is there and nowhere else', () => {
  for (const name of [...course, 'index']) {
    const html = page(name);
    expect(html.match(/<h1\b/g), name).toHaveLength(1);
    if (name !== 'index')
      expect(html).toContain('git clone https://example.org/lab\ncd lab\nnpm start');
    const ids = idsOf(html);
    expect(new Set(ids).size, name).toBe(ids.length);
    const asked = [...html.matchAll(/ (?:src|href)="([^"]*)"/g)].map(([, to = '']) => to);
    for (const to of asked.filter((one) => !/^(data:,$|https:\/\/example\.org\/lab\/)/.test(one))) {
      const [file = '', anchor] = decodeURIComponent(textOfHtml(to)).split('#');
      const target = file === '' ? name : basename(file, '.html');
      if (!file.startsWith('assets/') && !file.endsWith('.svg'))
        expect([...course, 'index', name], `${name}: ${to}`).toContain(target);
      if (anchor) expect(idsOf(page(target)), `${name}: ${to}`).toContain(anchor);
    }
  }
});

test('the contents have all parts of the course, and each notebook once', () => {
  const html = page('index');
  const links = [...html.matchAll(/<li><a href="([\w-]+)\.html">/g)].map(([, name]) => name);
  expect(links.toSorted()).toEqual(course.toSorted());
  const headings = [...html.matchAll(/<h2>([^<]+)</g)].map(([, title]) => title);
  const parts = readFileSync(join(ROOT, 'README.md'), 'utf8').match(
    /(?<=^\| \*\*).+(?=\*\* \| \|)/gm,
  );
  expect(headings).toEqual(parts);
  expect(html.match(/\d+ minutes/g)!.length).toBeGreaterThanOrEqual(20);
});

test('pages lead to the next and the one before', () => {
  expect(page('05-scaling')).toMatch(/rel="prev" href="04-groups-and-offsets\.html"/);
  expect(page('05-scaling')).toMatch(/rel="next" href="06-fan-out\.html"/);
  expect(page(course[0]!)).not.toContain('rel="prev"');
});

test('the search knows where words of each notebook are', () => {
  const found = JSON.parse(
    readFileSync(join(output, 'assets', 'search.js'), 'utf8').replace(/^.*? = |;\n$/g, ''),
  ) as string[][];
  for (const name of course) {
    const places = found.filter(([href]) => href!.startsWith(`${name}.html#`));
    const [first] = cellsOf(name);
    const words = places.map((place) => place.slice(2).join(' ')).join(' ');
    for (const word of wordsOfMarkdown(sourceOf(first!))) expect(words).toContain(word);
  }
});

test('whatever outputs hold, a page shows it as text and runs nothing', async () => {
  const executed = folderForTest();
  const site = folderForTest();
  const name = await writeExecuted(executed);
  await makeSite({ names: [name], executed, output: site, repository: undefined });
  const html = readFileSync(join(site, `${name}.html`), 'utf8');
  const scripts = [...html.matchAll(/<script\b([^>]*)>/g)].map(([, what]) => what);
  const data = scripts.filter((what) => what === ' type="application/json"');
  expect(data).toHaveLength(6);
  expect(scripts).toHaveLength(data.length + 2);
  expect(html).not.toMatch(
    /<[^>"]*\s(onerror|onload)=|href="javascript:|<img src=x|[\x00-\x08\x1b]/,
  );
  expect(html).not.toContain('127.0.0.1:1');
  expect(html).toMatch(/&lt;script&gt;alert\(2\)/);
  expect(html).toContain('<span class="ansi-red ansi-bold">Error</span>: no');
  expect(html).toContain('<img src="data:image/png;base64,iVBOR');
  expect(html).toContain('<img src="data:image/svg+xml;base64,');
  expect(html).toContain('<details><summary>Solution</summary>');
  expect(sectionsOf(html).map(({ id }) => id)).toEqual(
    (await executedNotebook()).cells.map(({ id }) => id),
  );
});

test('what speaks to the person at a notebook is not on its page', async () => {
  const executed = folderForTest();
  const name = await writeExecuted(executed);
  await makeSite({ names: [name], executed, output: executed, repository: undefined });
  const html = readFileSync(join(executed, `${name}.html`), 'utf8');
  expect(html).not.toMatch(/You made no prediction|Not yet/);
  expect(html).toContain('your prediction stands beside this');
  expect(html).toContain('<td>3</td>');
  expect(html).toContain('whether your solution does it');
});

test('the command takes executed notebooks, and says what is missing', async () => {
  const out = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const err = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const site = folderForTest();
  const args = ['site', '05', '--output', site, '--executed'];
  expect(await run([...args, notebooks])).toBe(0);
  expect(out).toHaveBeenCalledExactlyOnceWith(join(site, 'index.html'));
  for (const ending of ['/', '.git']) {
    const repository = `https://example.org/our/lab${ending}`;
    expect(await run([...args, notebooks, '--repository', repository])).toBe(0);
    const html = readFileSync(join(site, '05-scaling.html'), 'utf8');
    expect(html, ending).toContain('git clone https://example.org/our/lab\ncd lab\n');
  }
  expect(await run([...args, folderForTest()])).toBe(1);
  expect(err.mock.lastCall?.[0]).toMatch(/no executed notebook(.|\n)*npm run notebooks/);
  expect(await run([...args, notebooks, '--repository', 'javascript:alert(1)'])).toBe(2);
  out.mockRestore();
  err.mockRestore();
});
