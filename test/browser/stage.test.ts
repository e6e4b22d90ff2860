import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { temporaryState } from '../support/command.ts';
import { hasChromium } from './chromium.ts';
import { JupyterPage } from './jupyter-page.ts';

const state = temporaryState();
afterEach(() => void state.end());

/** Where the parts of JupyterLab stand, in px, and its modes. */
const PARTS = `({
  mode: document.querySelector('#main').dataset.shellMode,
  path: location.pathname,
  isPresenting: document.querySelector('#main').classList.contains('jp-mod-presentationMode'),
  places: ['.jp-NotebookPanel', '[data-side="left"]', '[data-side="right"]', '.jp-SideBar', '#jp-main-statusbar']
    .map((selector) => document.querySelector(selector).getBoundingClientRect())
    .map(({ x, y, width, height }) => [x, y, width, height].map(Math.round)),
})`;

/** Letters and pictures of the notebook, in px. */
const NOTEBOOK = `(() => {
  const first = (selector) => document.querySelector('.jp-Notebook ' + selector);
  const letters = (selector) => parseFloat(getComputedStyle(first(selector)).fontSize);
  const width = (selector) => Math.round(first(selector).getBoundingClientRect().width);
  const gutters = [...document.querySelectorAll('.jp-Notebook .cm-gutters')];
  return {
    hasLineNumbers: gutters.some((gutter) => gutter.checkVisibility()),
    letters: ['.jp-RenderedMarkdown p', '.cm-content', '.jp-OutputArea-output pre'].map(letters),
    widths: ['.jp-RenderedMarkdown img', 'svg.marks'].map(width),
  };
})()`;

/** Waits until JupyterLab keeps the sizes that its parts have on stage: it does so a second later. */
async function stageKept(page: Page): Promise<void> {
  const request = await page.waitForRequest((request) => {
    const isLayout = request.method() === 'PUT' && request.url().includes('/api/workspaces/');
    return isLayout && /"relativeSizes":\[0,1,0\]/.test(request.postData() ?? '');
  });
  await request.response();
}

const parts = (page: Page) => page.evaluate<{ places: number[][] }>(PARTS);
const notebook = (page: Page) =>
  page.evaluate<{ hasLineNumbers: boolean; letters: number[]; widths: number[] }>(NOTEBOOK);

test.skipIf(!hasChromium)(
  'on stage the last row reads a notebook, by the menu or F8; back all is as it was, also after a reload',
  async () => {
    const jupyter = await JupyterPage.open('00-start-here', { state: state.path, width: 1920 });
    const { page } = jupyter;
    const onStage = (wanted: 'attached' | 'detached') =>
      page.locator('body.kafka-lab-stage').waitFor({ state: wanted });
    try {
      await page.setViewportSize({ width: 1920, height: 1080 });
      await jupyter.runAll();
      await jupyter.untilIdle();
      await jupyter.charts();
      await page
        .locator('.jp-Notebook .jp-RenderedMarkdown img')
        .first()
        .evaluate((img) => (img as unknown as { decode(): Promise<void> }).decode());
      const before = { parts: await parts(page), notebook: await notebook(page) };
      expect(before.notebook).toMatchObject({ hasLineNumbers: true, letters: [14, 13, 13] });

      await page.click('li.lm-MenuBar-item:has-text("View")');
      await page.click('.lm-Menu-item[data-command="kafka-lab:stage"]');
      await onStage('attached');
      await expect
        .poll(async () => (await parts(page)).places.map(([, , width]) => width))
        .toEqual([1920, 0, 0, 0, 0]);
      const { hasLineNumbers, letters, widths } = await notebook(page);
      expect(hasLineNumbers).toBe(false);
      expect(Math.min(...letters)).toBeGreaterThanOrEqual(24);
      expect(Math.min(...widths)).toBeGreaterThanOrEqual(0.6 * 1920);
      await jupyter.screenshot('00-stage');

      await page.locator('.jp-Notebook .jp-Cell').first().click();
      await page.keyboard.press('F8');
      await onStage('detached');
      await expect
        .poll(async () => ({ parts: await parts(page), notebook: await notebook(page) }))
        .toEqual(before);

      await Promise.all([stageKept(page), page.keyboard.press('F8')]);
      await onStage('attached');
      await page.reload();
      await page.locator('.jp-Notebook .jp-RenderedMarkdown p').first().waitFor();
      await expect.poll(() => parts(page)).toEqual(before.parts);
      await jupyter.screenshot('00-back-from-stage');
    } finally {
      await jupyter.close();
    }
  },
);
