import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeSite } from '../../lib/src/site/index.ts';
import { writeExecuted } from '../support/executed.ts';
import { folderForTest } from '../support/folder.ts';
import { serve } from '../support/static-server.ts';
import { hasChromium, launchChromium } from './chromium.ts';

let browser: Browser;
beforeAll(async () => {
  if (hasChromium) browser = await launchChromium();
});
afterAll(() => browser?.close());

/** Looks at a page whose server cannot be reached for a script until `back` is called. @returns the errors that nobody handled */
async function without(
  script: string,
  look: (page: Page, server: { failed: Promise<void>; back(): Promise<void> }) => Promise<void>,
): Promise<string[]> {
  const folder = folderForTest();
  const output = join(folder, 'site');
  const name = await writeExecuted(folder);
  await makeSite({ names: [name], executed: folder, output, repository: undefined });
  const server = await serve(output, '/');
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  try {
    const address = `**/assets/${script}`;
    await page.route(address, (route) => route.abort());
    const failed = page.waitForEvent('requestfailed').then(() => undefined);
    await page.goto(`${server.address}${name}.html`);
    await look(page, { failed, back: () => page.unroute(address) });
    return errors;
  } finally {
    await page.close();
    server.close();
  }
}

/** Scrolls a page, and lets it see where it is: all that watch what comes near are told in one task, a new one, too. */
const scrolled = (page: Page, scroll: string): Promise<void> =>
  page.evaluate(
    `new Promise((seen) => { ${scroll}; new IntersectionObserver(() => seen()).observe(document.body); })`,
  );

test.skipIf(!hasChromium)(
  'a search that could not be loaded says so, and is tried again',
  async () => {
    const errors = await without('search.js', async (page, { failed, back }) => {
      const field = page.getByRole('searchbox');
      await field.click();
      await failed;
      await field.fill('replay');
      await page.getByText('The search could not be loaded.').waitFor();
      await back();
      await field.fill('chart');
      await page.locator('#found a').first().waitFor();
      expect(await page.getByText('The search could not be loaded.').count()).toBe(0);
    });
    expect(errors).toEqual([]);
  },
);

test.skipIf(!hasChromium)(
  'charts that could not be loaded stay pictures, and are drawn when they come near again',
  async () => {
    const errors = await without('charts.js', async (page, { failed, back }) => {
      const figure = page.locator('#cell-lanes figure');
      await scrolled(page, "document.querySelector('#cell-lanes figure').scrollIntoView()");
      await failed;
      // A script that could not be loaded is taken away; until then every chart waits for the same one.
      await page.locator('script[src$="charts.js"]').waitFor({ state: 'detached' });
      expect(await figure.locator('.picture').isVisible()).toBe(true);
      await back();
      await scrolled(page, 'scrollTo(0, document.body.scrollHeight)');
      expect(await page.locator('figure[data-drawn]').count()).toBe(0);
      await scrolled(page, "document.querySelector('#cell-lanes figure').scrollIntoView()");
      await page.locator('#cell-lanes figure[data-drawn]').waitFor();
      expect(await page.locator('#cell-lanes .live').count()).toBe(1);
      expect(await figure.locator('.picture').isVisible()).toBe(false);
    });
    expect(errors).toEqual([]);
  },
);
