import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page, Route } from 'playwright-core';
import { expect } from 'vitest';
import { kafkaLab, nothingLeft, ROOT, type Started, waitUntil } from '../support/command.ts';
import { launchChromium } from './chromium.ts';

const folder = join(ROOT, 'build', 'screenshots');
/** How long one thing on the page may take to happen, on a machine with much to do; in ms. */
const PATIENCE = 60_000;
const POLLED = { timeout: PATIENCE };

interface Look {
  width?: number;
  /** What the system prefers, which JupyterLab's theme follows. */
  colorScheme?: 'light' | 'dark';
}

/** By how much a picture is wider than the room that it has, in px. */
export const cutOff = (picture: Locator): Promise<number> =>
  picture.evaluate((e) =>
    Math.max(0, e.getBoundingClientRect().width - (e.parentElement?.clientWidth ?? 0)),
  );

/** JupyterLab draws each chart twice, since in between it keeps a picture of it with the notebook: each tells how often it was. */
const TELL_DRAWINGS = `new MutationObserver((changes) => {
  for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
    const chart = node.matches?.('svg.marks') && node.closest('.jp-RenderedVegaCommon5');
    if (chart) chart.dataset.drawings = Number(chart.dataset.drawings ?? 0) + 1;
  }
}).observe(document, { childList: true, subtree: true });`;

/** Answers as if a file had been saved. JupyterLab saves by itself after two minutes, and complains where it cannot. */
export async function unsaved(route: Route): Promise<void> {
  if (route.request().method() !== 'PUT') return route.continue();
  const url = `${route.request().url().split('?')[0]}?content=0`;
  await route.fulfill({ response: await route.fetch({ url, method: 'GET', postData: '' }) });
}

/** A lab of its own with a notebook open in Chromium. Nothing that is changed on the page is saved. */
export class JupyterPage {
  private constructor(
    readonly page: Page,
    private readonly browser: Browser,
    private readonly lab: Started,
    private readonly address: { origin: string; token: string },
    private readonly state: string,
  ) {}

  static async open(
    notebook: string,
    { state, width = 800, colorScheme = 'light' }: Look & { state: string },
  ): Promise<JupyterPage> {
    mkdirSync(folder, { recursive: true });
    const lab = kafkaLab(state, ['start', '--no-browser']);
    const [, origin = '', token = ''] = await lab.says(
      /(http:\/\/127\.0\.0\.1:\d+)\S+\?token=(\w+)\s/,
      PATIENCE,
    );
    const browser = await launchChromium();
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    page.setDefaultTimeout(PATIENCE);
    await page.addInitScript(TELL_DRAWINGS);
    await page.route('**/api/contents/**', unsaved);
    await page.goto(`${origin}/lab/tree/${notebook}.ipynb?token=${token}`);
    await page.waitForSelector('.jp-NotebookPanel .jp-Cell');
    // In a narrow window it is among what the toolbar folds away.
    const kernel = '.jp-Toolbar-kernelName:has-text("TypeScript (Kafka Lab)")';
    await page.waitForSelector(kernel, { state: 'attached' });
    return new JupyterPage(page, browser, lab, { origin, token }, state);
  }

  /** Runs all cells: each runs then, or waits for those before it. */
  async runAll(): Promise<void> {
    // Until the page has its kernel, what is run may wait for a connection that is made anew.
    await this.page.waitForSelector('#jp-main-statusbar >> text=| Idle', { state: 'attached' });
    await this.page.click('li.lm-MenuBar-item:has-text("Run")');
    await this.page.click('.lm-Menu-item:not(.lm-mod-disabled):has-text("Run All Cells")');
    const untouched = this.page.locator('.jp-InputPrompt', { hasText: '[ ]' });
    await expect.poll(() => untouched.count(), POLLED).toBe(0);
  }

  /** Waits until every cell that was to run has run, and no kernel has anything to do. */
  async untilIdle(limit = 90_000): Promise<void> {
    await waitUntil(() => this.isIdle(), 'the notebook to have run', { limit, every: 500 });
  }

  /** Waits until the charts of a part of the page are there for good, at least one. @returns them */
  async charts(within: Locator = this.page.locator('body')): Promise<Locator[]> {
    const charts = within.locator('.jp-RenderedVegaCommon5');
    const drawings = () =>
      charts.evaluateAll((all) => all.map((chart) => Number(chart.dataset['drawings']) % 2));
    await expect.poll(async () => new Set(await drawings()), POLLED).toEqual(new Set([0]));
    return within.locator('.vega-embed svg.marks').all();
  }

  /** File → New → Terminal: opens one, which has the cursor then. */
  async newTerminal(): Promise<void> {
    const terminals = this.page.locator('.jp-Terminal .xterm-helper-textarea');
    const before = await terminals.count();
    await this.page.click('li.lm-MenuBar-item:has-text("File")');
    await this.page.hover('.lm-Menu-item[data-type="submenu"]:has-text("New")');
    await this.page.click('.lm-Menu-item[data-command="terminal:create-new"]');
    await terminals.nth(before).waitFor({ state: 'attached' });
    await terminals.nth(before).focus();
  }

  /** The first cell whose text holds `part`. */
  async cell(part: string): Promise<Locator> {
    const cell = this.page.locator('.jp-Notebook .jp-Cell', { hasText: part }).first();
    await cell.scrollIntoViewIfNeeded();
    return cell;
  }

  /** Replaces the source of a cell, as somebody who pastes does, and runs it. */
  async rewrite(cell: Locator, source: string): Promise<void> {
    await cell.locator('.cm-content').click();
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.insertText(source);
    await this.run();
  }

  /** Runs the cell with the cursor. */
  async run(): Promise<void> {
    await this.page.keyboard.press('Shift+Enter');
  }

  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: join(folder, `${name}.png`) });
  }

  /** Closes both, and sees that nothing is left. */
  async close(): Promise<void> {
    await this.browser.close();
    this.lab.kill('SIGINT');
    await this.lab.ended;
    await nothingLeft(this.state);
  }

  private async isIdle(): Promise<boolean> {
    const { origin, token } = this.address;
    const headers = { authorization: `token ${token}` };
    const response = await fetch(`${origin}/api/kernels`, { headers });
    const kernels = (await response.json()) as { execution_state: string }[];
    // A kernel that is still being connected is idle, too, while cells wait for it.
    const waiting = await this.page.locator('.jp-InputPrompt', { hasText: '[*]' }).count();
    const isIdle = kernels.every((kernel) => kernel.execution_state === 'idle');
    return kernels.length > 0 && isIdle && waiting === 0;
  }
}
