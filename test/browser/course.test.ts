import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kafkaLab, nothingLeft, ROOT, type Started, temporaryState } from '../support/command.ts';
import { endAll } from '../support/ending.ts';
import { hasChromium, launchChromium } from './chromium.ts';
import { unsaved } from './jupyter-page.ts';

/** For what happens on a machine with much to do; in ms. */
const PATIENCE = 60_000;
const folder = join(ROOT, 'build', 'screenshots');
const state = temporaryState();
let lab: Started;
let browser: Browser;
let address = '';

beforeAll(async () => {
  if (!hasChromium) return;
  mkdirSync(folder, { recursive: true });
  lab = kafkaLab(state.path, ['start', '--no-browser']);
  [, address = ''] = await lab.says(/JupyterLab runs at (\S+)\s/);
  await lab.says(/Ctrl-C/);
  browser = await launchChromium();
}, 3 * PATIENCE);
afterAll(async () => {
  if (!hasChromium) return;
  await endAll({
    browser: () => browser?.close(),
    lab: () => {
      lab?.kill('SIGINT');
      return lab?.ended;
    },
    processes: () => nothingLeft(state.path),
    state: () => void state.end(),
  });
});

test.skipIf(!hasChromium).each([
  [1280, 'light'],
  [1280, 'dark'],
  [800, 'light'],
  [800, 'dark'],
] as const)('opens as a course, %i wide and %s', async (width, colorScheme) => {
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
  page.setDefaultTimeout(PATIENCE);
  await page.route('**/api/contents/**', unsaved);
  const outside: string[] = [];
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (/^(http|ws)/.test(protocol) && origin !== new URL(address).origin) outside.push(origin);
  });
  await page.goto(address);
  await page.waitForSelector('.jp-NotebookPanel .jp-Cell');
  // At 800 it is among what the toolbar folds away.
  const kernel = '.jp-Toolbar-kernelName:has-text("TypeScript (Kafka Lab)")';
  await page.waitForSelector(kernel, { state: 'attached' });
  await page.waitForSelector('#jp-right-stack >> text=The idea');
  await page.waitForSelector('#filebrowser >> text=00-start');
  const themed = `body[data-jp-theme-light="${colorScheme === 'light'}"]`;
  await page.waitForSelector(themed, { state: 'attached' });
  const share = async () => {
    const notebook = await page.locator('.jp-NotebookPanel').boundingBox();
    return (notebook?.width ?? 0) / width;
  };
  await expect.poll(share).toBeGreaterThan(0.5);
  await page.waitForSelector('#jp-main-statusbar >> text=| Idle', { state: 'attached' });
  await page.screenshot({ path: join(folder, `course-${width}-${colorScheme}.png`) });
  expect(await page.locator('.jp-Dialog').count()).toBe(0);
  expect(await page.locator('.Toastify__toast').count()).toBe(0);
  const tabs = page.locator('#jp-main-dock-panel .lm-TabBar-tabLabel');
  expect(await tabs.allTextContents()).toEqual(['00-start-here.ipynb']);
  expect(outside).toEqual([]);
  await page.close();
});
