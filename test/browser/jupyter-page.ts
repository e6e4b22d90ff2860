import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { kafkaLab, nothingLeft, ROOT, type Started, waitUntil } from '../support/command.ts';
import { launchChromium } from './chromium.ts';

const folder = join(ROOT, 'build', 'screenshots');
/** How long one thing on the page may take to happen, on a machine with much to do; in ms. */
const PATIENCE = 60_000;

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
      /(http:\/\/127\.0\.0\.1:\d+)\S+\?token=(\w+)/,
      PATIENCE,
    );
    const browser = await launchChromium();
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    page.setDefaultTimeout(PATIENCE);
    await page.route('**/api/contents/**', (route) =>
      route.request().method() === 'PUT' ? route.abort() : route.continue(),
    );
    await page.goto(`${origin}/lab/tree/${notebook}.ipynb?token=${token}`);
    await page.waitForSelector('.jp-NotebookPanel .jp-Cell');
    // In a narrow window it is among what the toolbar folds away.
    const kernel = '.jp-Toolbar-kernelName:has-text("TypeScript (Kafka Lab)")';
    await page.waitForSelector(kernel, { state: 'attached' });
    return new JupyterPage(page, browser, lab, { origin, token }, state);
  }

  async runAll(): Promise<void> {
    // Until the page has its kernel, what is run may wait for a connection that is made anew.
    await this.page.waitForSelector('#jp-main-statusbar >> text=| Idle', { state: 'attached' });
    await this.page.click('li.lm-MenuBar-item:has-text("Run")');
    await this.page.click('.lm-Menu-item:not(.lm-mod-disabled):has-text("Run All Cells")');
  }

  /** Waits until every cell that was to run has run, and no kernel has anything to do. */
  async untilIdle(limit = 90_000): Promise<void> {
    await waitUntil(() => this.isIdle(), 'the notebook to have run', { limit, every: 500 });
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
