import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cell } from '../../lib/src/slides/notebook.ts';
import { buildSite, COURSE, OTHERS } from '../support/built-site.ts';
import { sectionsOf, shownBy, shownIn } from '../support/site.ts';
import { serve } from '../support/static-server.ts';
import { hasChromium, launchChromium } from './chromium.ts';
import { badCharts, drawAll, noted, onPage, screenshot, serious } from './site-page.ts';

const LIMIT = 180_000;
let folder = '';
let browser: Browser;
let site: string;
/** From a disk. */
let disk: string;
beforeAll(async () => {
  if (!hasChromium) return;
  folder = mkdtempSync(join(tmpdir(), 'site tëst, '));
  browser = await launchChromium();
  site = await buildSite(folder);
  disk = `${pathToFileURL(site).href}/`;
}, LIMIT);
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Those that have everything that has a colour. */
const COLOURFUL = ['index', 'appendix-glossary', '98-everything'];

test.skipIf(!hasChromium).each(['index', ...COURSE, ...OTHERS])(
  'from a disk, %s is whole at 760 and 350 px, without errors, requests and what axe finds serious',
  async (name) => {
    const [wide, narrow] = [760, 350].map((width) => ({ width, height: 900 }));
    const options = { viewport: wide!, colorScheme: 'light' as const };
    await onPage(
      browser,
      disk,
      async (page) => {
        await page.goto(`${disk}${name}.html`);
        const charts = await drawAll(page);
        if (name === '99-charts') expect(charts).toBeGreaterThan(20);
        expect(await badCharts(page), 'at 760 px').toEqual([]);
        await page.setViewportSize(narrow!);
        const message = 'at 350 px';
        await expect.poll(() => badCharts(page), { message, timeout: 20_000 }).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(350);
        expect(await serious(page), 'light').toEqual([]);
        await page.emulateMedia({ colorScheme: 'dark' });
        if (COLOURFUL.includes(name))
          expect(await serious(page, 'color-contrast'), 'dark').toEqual([]);
      },
      options,
    );
  },
  LIMIT,
);

test.skipIf(!hasChromium).each(COURSE)(
  '%s: what its cells have shown is on its page, in its order, and nothing else',
  (name) => {
    const { cells } = JSON.parse(readFileSync(join(folder, 'executed', `${name}.ipynb`), 'utf8'));
    const sections = sectionsOf(readFileSync(join(site, `${name}.html`), 'utf8'));
    expect(sections.map(({ id, outputs }) => ({ id, ...shownIn(outputs) }))).toEqual(
      cells.map(({ id, outputs }: Cell) => ({ id, ...shownBy(outputs) })),
    );
  },
);

test.skipIf(!hasChromium)(
  'under a path: a replay is moved by keyboard and plays, and says what it shows',
  async () => {
    const server = await serve(site, '/some/path/');
    try {
      await onPage(browser, server.address, async (page) => {
        await page.goto(`${server.address}98-everything.html`);
        const figure = page.locator('#cell-replay figure');
        await figure.scrollIntoViewIfNeeded();
        const slider = figure.getByRole('slider', { name: 'Moment of the run' });
        await slider.waitFor();
        const said = () => slider.getAttribute('aria-valuetext');
        const grey = () => figure.locator('.live svg path[fill="#8c8c8c"]').count();
        const last = Number(await slider.inputValue());
        const atEnd = await grey();
        expect(await said()).toMatch(
          /^\d+\.\d\d seconds\. a owns partitions 0 and 2; b owns partition 1\.$/,
        );
        await slider.focus();
        await page.keyboard.press('Home');
        expect(await said()).toMatch(/^0\.00 seconds\. /);
        await page.keyboard.press('ArrowRight');
        expect(Number(await slider.inputValue())).toBeGreaterThan(0);
        await expect.poll(grey).not.toBe(atEnd);
        await screenshot(page, 'site-replay');
        const label = await noted(figure.getByRole('button', { name: 'Play' }));
        await page.keyboard.press('Shift+Tab');
        await page.keyboard.press('Space');
        await expect.poll(label, { timeout: 60_000 }).toEqual(['❚❚ Pause', '▶ Play']);
        expect(Number(await slider.inputValue())).toBe(last);
        await expect.poll(grey).toBe(atEnd);
      });
    } finally {
      server.close();
    }
  },
  LIMIT,
);

test.skipIf(!hasChromium)(
  'a legend filters, and a mark that is pointed at shows its figures as text',
  async () => {
    await onPage(browser, disk, async (page) => {
      await page.goto(`${disk}98-everything.html`);
      // Where none is drawn any more, nothing moves away below the pointer.
      await drawAll(page);
      const lanes = page.locator('#cell-lanes figure');
      const pale = () => lanes.locator('.live svg .mark-rect path[opacity="0.12"]').count();
      expect(await pale()).toBe(0);
      await lanes.locator('.live .role-legend-entry').getByText('b', { exact: true }).click();
      await expect.poll(pale).toBeGreaterThan(0);
      const hostile = page.locator('#cell-hostile-charts figure').first();
      await hostile.locator('.live svg .mark-rect path').first().hover();
      const tooltip = page.locator('#vg-tooltip-element.visible');
      await expect.poll(() => tooltip.textContent()).toContain('<img src=x onerror=alert(1)>');
      expect(await tooltip.locator('img, script').count()).toBe(0);
    });
  },
  LIMIT,
);

test.skipIf(!hasChromium)(
  'the search finds a word of each notebook, and leads to it',
  async () => {
    await onPage(browser, disk, async (page) => {
      await page.goto(`${disk}index.html`);
      const field = page.getByRole('searchbox');
      await field.click();
      for (const name of COURSE) {
        const h1 = /<h1 id="[^"]*">(.*?)<\/h1>/.exec(
          readFileSync(join(site, `${name}.html`), 'utf8'),
        );
        await field.fill(h1![1]!.replace(/[^\p{L}\d]+/gu, ' '));
        await page.locator(`#found a[href^="${name}.html#"]`).first().waitFor();
      }
      await field.fill('zzyzx');
      await page.getByText('Nothing found').waitFor();
      await field.fill('rebalance');
      await page.locator('#found a').first().waitFor();
      await page.setViewportSize({ width: 390, height: 844 });
      const list = await page.locator('#found').boundingBox();
      expect(list!.x, 'on a phone, what is found is on the page').toBeGreaterThanOrEqual(0);
      expect(list!.x + list!.width).toBeLessThanOrEqual(390);
      await page.locator('#found a').first().click();
      await page.waitForURL(/\.html#/);
      const target = decodeURIComponent(new URL(page.url()).hash.slice(1));
      expect(await page.locator(`[id=${JSON.stringify(target)}]`).count()).toBe(1);
    });
  },
  LIMIT,
);

test.skipIf(!hasChromium)(
  'light or dark is as the system is, or as the reader chose, on every page; code is copied',
  async () => {
    const server = await serve(site, '/p/');
    const options = {
      colorScheme: 'dark' as const,
      permissions: ['clipboard-read', 'clipboard-write'],
    };
    try {
      await onPage(
        browser,
        server.address,
        async (page) => {
          await page.goto(`${server.address}98-everything.html`);
          const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
          expect(await ground()).toBe('rgb(17, 17, 17)');
          await page.getByRole('button', { name: 'Light or dark' }).click();
          expect(await ground()).toBe('rgb(255, 255, 255)');
          await page.goto(`${server.address}index.html`);
          expect(await ground()).toBe('rgb(255, 255, 255)');
          await page.goto(`${server.address}98-everything.html`);
          const box = page.locator('#cell-lanes .source');
          const button = box.getByRole('button', { name: 'Copy' });
          const label = await noted(button);
          await box.hover();
          await button.click();
          await expect.poll(label).toEqual(['Copied', 'Copy']);
          expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
            'charts.assignment(lab.ledger, { group }) // <b>&amp;</b>',
          );
        },
        options,
      );
    } finally {
      server.close();
    }
  },
  LIMIT,
);

test.skipIf(!hasChromium)(
  'without scripts, pictures stand there with their names, and nothing that would not work',
  async () => {
    const options = { javaScriptEnabled: false, viewport: { width: 390, height: 844 } };
    await onPage(
      browser,
      disk,
      async (page) => {
        await page.goto(`${disk}98-everything.html`);
        expect(
          await page.getByRole('img', { name: /^Group shipping: a owns partitions/ }).isVisible(),
        ).toBe(true);
        expect(await page.getByRole('searchbox').count()).toBe(0);
        expect(await page.getByRole('button').count()).toBe(0);
        const shade = () =>
          page.evaluate(
            `getComputedStyle(document.querySelector('.picture')).backgroundAttachment`,
          );
        expect(await shade(), 'a wide picture shows that there is more').toContain('local');
        await page.emulateMedia({ media: 'print' });
        expect(await shade(), 'on paper').toBe('scroll');
        await page.emulateMedia({ media: 'screen' });
        await page.getByText('Solution', { exact: true }).click();
        expect(await page.getByText('solved();').isVisible()).toBe(true);
        await screenshot(page, 'site-without-scripts');
      },
      options,
    );
  },
  LIMIT,
);

test.skipIf(!hasChromium)(
  'how it looks: on a phone and a desktop, light and dark',
  async () => {
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [390, 1440]) {
        const options = { colorScheme, viewport: { width, height: 1600 } };
        await onPage(
          browser,
          disk,
          async (page) => {
            for (const name of ['index', '05-scaling', '98-everything']) {
              await page.goto(`${disk}${name}.html`);
              await page.locator('#theme:not([hidden])').waitFor();
              await screenshot(page, `site-${name}-${width}-${colorScheme}`);
            }
          },
          options,
        );
      }
  },
  LIMIT,
);
