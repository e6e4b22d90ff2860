import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { ROOT } from '../support/command.ts';
import { HUB_PASSWORD, type Hub } from './hub.ts';
import type { SystemUser } from './users.ts';

/** For what happens on the page of a machine with much to do; in ms. */
const PATIENCE = 180_000;
const POLLED = { timeout: PATIENCE, interval: 1000 };

/** Somebody with a browser of their own. */
export class Learner {
  private constructor(
    readonly user: SystemUser,
    private readonly hub: Hub,
    readonly page: Page,
  ) {}

  /** Logs in at the hub, which starts a server, and opens a notebook there. */
  static async logIn(browser: Browser, hub: Hub, user: SystemUser, notebook: string) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    const base = new URL(hub.address).pathname;
    const there = `${base}user/${user.name}/lab/tree/${notebook}.ipynb`;
    const spawn = `${base}hub/spawn/${user.name}?next=${encodeURIComponent(there)}`;
    await page.goto(`${hub.address}hub/login?next=${encodeURIComponent(spawn)}`);
    await page.fill('#username_input', user.name);
    await page.fill('#password_input', HUB_PASSWORD);
    await page.click('#login_submit');
    await page.waitForSelector('.jp-NotebookPanel .jp-Cell');
    return new Learner(user, hub, page);
  }

  /** Runs all cells of the open notebook, and waits until its file has what each said. @returns the cells with code */
  async run(notebook: string): Promise<ExecutedCell[]> {
    const { page } = this;
    // Until the page has its kernel, what is run may wait for a connection that is made anew.
    await page.waitForSelector('#jp-main-statusbar >> text=| Idle', { state: 'attached' });
    await page.click('li.lm-MenuBar-item:has-text("Run")');
    await page.click('.lm-Menu-item:not(.lm-mod-disabled):has-text("Run All Cells")');
    let cells: ExecutedCell[] = [];
    // Each look saves once more, and a file that is being saved may be cut off: what is read whole is not read again.
    const notRun = async () => {
      await page.keyboard.press('Control+s');
      cells = this.codeCells(notebook);
      return cells.filter(({ execution_count }) => execution_count === null).map(({ id }) => id);
    };
    await expect.poll(notRun, POLLED).toEqual([]);
    return cells;
  }

  /** Of a notebook as it was saved last. */
  private codeCells(notebook: string): ExecutedCell[] {
    const path = this.file('kafka-notebooks', `${notebook}.ipynb`);
    const { cells } = JSON.parse(readFileSync(path, 'utf8')) as { cells: ExecutedCell[] };
    return cells.filter(({ cell_type }) => cell_type === 'code');
  }

  /** Runs commands in a terminal of JupyterLab. @returns what each has printed */
  async inTerminal(commands: string[]): Promise<string[]> {
    const { page } = this;
    await page.click('li.lm-MenuBar-item:has-text("File")');
    await page.hover('.lm-Menu-item[data-type="submenu"]:has-text("New")');
    await page.click('.lm-Menu-item[data-command="terminal:create-new"]');
    const terminal = page.locator('.jp-Terminal .xterm-helper-textarea').first();
    await terminal.waitFor({ state: 'attached' });
    await terminal.focus();
    const lines = commands.map((command, i) => `${command} > ~/${i}.txt 2>&1`);
    await page.keyboard.insertText(`${lines.join('; ')}; touch ~/done`);
    await page.keyboard.press('Enter');
    await expect.poll(() => existsSync(this.file('done')), POLLED).toBe(true);
    return commands.map((_, i) => readFileSync(this.file(`${i}.txt`), 'utf8'));
  }

  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: join(ROOT, 'build', 'screenshots', `${name}.png`) });
  }

  async logOut(): Promise<void> {
    await this.page.goto(`${this.hub.address}hub/logout`);
    await this.page.waitForSelector('text=/Successfully logged out|Sign in/');
  }

  private file(...parts: string[]): string {
    return join(this.user.home, ...parts);
  }
}

interface ExecutedCell {
  cell_type: string;
  id: string;
  execution_count: number | null;
  outputs: { output_type: string; ename?: string; evalue?: string }[];
}
