import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeSlides } from '../../lib/src/slides/index.ts';
import { hasChromium, launchChromium } from './chromium.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slides tëst, '));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 400" width="600" height="400"><rect width="600" height="400" fill="#0072b2"/></svg>';
const lines = (count: number) => Array.from({ length: count }, (_, i) => `line(${i});`).join('\n');
const code = (id: string, source: string, outputs: object[] = []) => ({
  ...{ id, cell_type: 'code', execution_count: 1, metadata: {}, source, outputs },
});
const md = (id: string, source: string) => ({ id, cell_type: 'markdown', metadata: {}, source });
const sentence = 'Group <a> & "b": all of it is read.';
const chart = {
  output_type: 'display_data',
  metadata: {},
  data: { 'image/svg+xml': svg, 'text/plain': sentence },
};

/** Nearly as wide as a slide. */
const LINE = `first label after ${'0.43 s, '.repeat(8)}end\n`;

const notebook = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: { language_info: { name: 'typescript', pygments_lexer: 'typescript' } },
  cells: [
    md(
      'title',
      '# 99 · A lesson\n\n![a log](drawings/log.svg)\n\nWith $x$ and a [link](98-none.ipynb).',
    ),
    md('long', `## Long\n\n${'Many words in one text. '.repeat(100)}`),
    code('chart', lines(12), [chart]),
    md('explains', 'The presenter says this.'),
    code('endless', lines(80)),
    code('printed', 'console.log(line);', [
      { output_type: 'stream', name: 'stdout', text: [LINE] },
    ]),
    md('help', '<details><summary>Solution</summary>\n\n```ts\nsecret();\n```\n\n</details>'),
  ],
};

/** What of the present slide is out of sight and cannot be scrolled to; and whether it scrolls. */
const look = (page: Page) =>
  page.evaluate(`(() => {
    const slide = Reveal.getCurrentSlide();
    const content = slide.querySelector('.content');
    const { bottom, right } = content.getBoundingClientRect();
    return { bottom, right, scrolls: content.style.maxHeight !== '', zoom: Number(content.style.zoom) };
  })()`) as Promise<{ bottom: number; right: number; scrolls: boolean; zoom: number }>;

/** In how many lines the present slide shows what its cell printed. */
const linesOfPrinted = (page: Page) =>
  page.evaluate(`(() => {
    const pre = Reveal.getCurrentSlide().querySelector('.jp-OutputArea-output pre');
    const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(pre);
    const height = pre.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
    return Math.round(height / parseFloat(lineHeight));
  })()`);

test.skipIf(!hasChromium)('slides ask nobody for anything, fit, and have notes', async () => {
  mkdirSync(join(folder, 'executed', 'drawings'), { recursive: true });
  writeFileSync(join(folder, 'executed', 'drawings', 'log.svg'), svg);
  writeFileSync(join(folder, 'executed', '99-lesson.ipynb'), JSON.stringify(notebook));
  const options = { names: ['99-lesson'], executed: join(folder, 'executed'), output: folder };
  const [file] = await makeSlides({ ...options, solutions: false });
  const browser = await launchChromium();
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
    const asked: string[] = [];
    const errors: string[] = [];
    context.on('request', (request) => asked.push(new URL(request.url()).protocol));
    const page = await context.newPage();
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(`file://${encodeURI(file!)}`);
    await page.locator('.reveal.ready').waitFor(); // isReady() is true before anybody is told.
    expect(await page.content()).not.toContain('secret');
    expect(await page.evaluate('Reveal.getTotalSlides()')).toBe(6);
    expect(await page.evaluate('document.querySelector(\'img[alt="a log"]\').naturalWidth')).toBe(
      600,
    );
    const scrolling: boolean[] = [];
    for (let i = 0; i < 6; i++) {
      const seen = await look(page);
      expect(seen.bottom).toBeLessThanOrEqual(720);
      expect(seen.right).toBeLessThanOrEqual(1280);
      expect(seen.zoom).toBeGreaterThan(0.6);
      scrolling.push(seen.scrolls);
      await page.keyboard.press('Space');
    }
    expect(scrolling).toEqual([false, false, false, true, false, false]);

    await page.evaluate('Reveal.slide(1, 3)');
    expect(await linesOfPrinted(page)).toBe(1);

    await page.evaluate('Reveal.slide(1, 1)');
    await page.getByRole('img', { name: sentence, exact: true }).waitFor();
    await page.waitForFunction("Reveal.getCurrentSlide().querySelector('aside.notes')");
    const [presenter] = await Promise.all([context.waitForEvent('page'), page.keyboard.press('s')]);
    await presenter.waitForSelector(
      '.speaker-controls-notes .value >> text=The presenter says this.',
    );
    expect(
      [...new Set(asked)].filter((protocol) => !/^(file|data|about|blob):$/.test(protocol)),
    ).toEqual([]);
    expect(errors).toEqual([]);
  } finally {
    await browser.close();
  }
});
