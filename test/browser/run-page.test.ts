import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { subjectsOf, writeRunPage } from '../../lib/src/pages/index.ts';
import { folderForTest } from '../support/folder.ts';
import { scalingHistory } from '../support/history.ts';
import { hasChromium, launchChromium } from './chromium.ts';

const LIMIT = 60_000;
let browser: Browser;
beforeAll(async () => {
  if (!hasChromium) return;
  browser = await launchChromium();
}, LIMIT);
afterAll(() => browser?.close());

const stylesOf = (page: Page, selector: string, property: string): Promise<string[]> =>
  page.evaluate(
    `[...document.querySelectorAll('${selector}')].map((e) => getComputedStyle(e).${property})`,
  );

const light = (colour: string) => Math.max(...(colour.match(/\d+/g) ?? []).slice(0, 3).map(Number));

/** How light the ground is, and the darkest and the lightest of the letters, page and charts: 0 to 255. */
async function lights(page: Page) {
  const letters = [
    ...(await stylesOf(page, 'h1, h2, figcaption, label', 'color')),
    ...(await stylesOf(page, 'svg .role-title-text text, svg .role-axis-label text', 'fill')),
  ].map(light);
  const [ground = ''] = await stylesOf(page, 'body', 'backgroundColor');
  return {
    ground: light(ground),
    darkest: Math.min(...letters),
    lightest: Math.max(...letters),
    grounds: [...new Set(await stylesOf(page, 'svg', 'backgroundColor'))],
    papers: [...new Set(await stylesOf(page, 'svg > rect', 'fill'))],
  };
}

const UNFILLED = { grounds: ['rgba(0, 0, 0, 0)'], papers: ['none'] };

test.skipIf(!hasChromium)(
  'the page of a run is light or dark as the system is, and its slider moves by keyboard',
  async () => {
    const file = join(folderForTest(), 'run.html');
    const { ledger } = scalingHistory();
    await writeRunPage(file, ledger, { title: 'run.jsonl', subjects: subjectsOf(ledger) });
    const page = await browser.newPage({ viewport: { width: 390, height: 900 } });
    page.setDefaultTimeout(LIMIT);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(`file://${encodeURI(file)}`);
    const slider = page.locator('input[type="range"]');
    await slider.waitFor();
    const day = await lights(page);
    expect(day).toMatchObject({ ground: 255, ...UNFILLED });
    expect(day.lightest).toBeLessThan(80);
    await page.emulateMedia({ colorScheme: 'dark' });
    const night = await lights(page);
    expect(night).toMatchObject({ ground: 17, ...UNFILLED });
    expect(night.darkest).toBeGreaterThan(200);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);

    const nobodys = () => page.locator('figure').first().locator('path[fill="#8c8c8c"]').count();
    const atEnd = await nobodys();
    await slider.focus();
    await page.keyboard.press('Home');
    expect(Number(await slider.inputValue())).toBe(0);
    await page.keyboard.press('ArrowRight');
    expect(Number(await slider.inputValue())).toBeGreaterThan(0);
    await expect.poll(nobodys).not.toBe(atEnd);
  },
  LIMIT,
);
