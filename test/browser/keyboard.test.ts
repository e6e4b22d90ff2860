import { afterEach, expect, test } from 'vitest';
import { temporaryState } from '../support/command.ts';
import { hasChromium } from './chromium.ts';
import { JupyterPage } from './jupyter-page.ts';

const state = temporaryState();
afterEach(() => void state.end());

/** A machine with much to do takes its time. */
const PATIENT = { timeout: 60_000 };

const FIRST = `import { input } from 'kafka-lab';
/**
 * Adds up an order.
 * @param prices of each item
 */
function orderTotal(...prices: number[]) { return prices.length; }
const orderCount = 3;`;

test.skipIf(!hasChromium)(
  'at the keyboard: completion, documentation, a question, an interrupt, cleared output',
  async () => {
    const jupyter = await JupyterPage.open('00-start-here', { state: state.path, width: 1280 });
    const { page } = jupyter;
    const cell = (index: number) => page.locator('.jp-Notebook .jp-CodeCell').nth(index);
    const output = (index: number) => cell(index).locator('.jp-OutputArea').innerText();
    const type = async (index: number, text: string) => {
      await cell(index).locator('.cm-content').click();
      await page.keyboard.press('Control+A');
      await page.keyboard.insertText(text);
    };
    try {
      await page.waitForSelector('#jp-main-statusbar >> text=| Idle', { state: 'attached' });
      await jupyter.rewrite(cell(0), FIRST);
      await expect.poll(() => cell(0).innerText(), PATIENT).toContain('[1]');

      await type(1, 'order');
      await page.keyboard.press('Tab');
      const items = page.locator('.jp-Completer:not(.lm-mod-hidden) .jp-Completer-item');
      await items.first().waitFor();
      const offered = (await items.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '));
      expect(offered).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/v ?orderCount ?variable/),
          expect.stringMatching(/f ?orderTotal ?function/),
        ]),
      );
      await jupyter.screenshot('keyboard-completion');
      await page.keyboard.press('Escape');

      await type(1, 'orderTotal(');
      await page.keyboard.press('Shift+Tab');
      const tooltip = page.locator('.jp-Tooltip');
      await tooltip.waitFor();
      await expect.poll(() => tooltip.innerText(), PATIENT).toContain('Adds up an order.');
      expect(await tooltip.locator('em', { hasText: '@param' }).count()).toBe(1);
      expect(await tooltip.locator('code', { hasText: 'function orderTotal' }).count()).toBe(1);
      await jupyter.screenshot('keyboard-documentation');
      await page.keyboard.press('Escape');

      await jupyter.rewrite(cell(1), 'console.log(`Hello, ${await input("Your name? ")}.`)');
      const box = (index: number) => cell(index).locator('.jp-Stdin-input');
      await box(1).waitFor();
      await jupyter.screenshot('keyboard-question');
      await box(1).fill('Ada');
      await box(1).press('Enter');
      await expect.poll(() => output(1), PATIENT).toContain('Hello, Ada.');
      // For half a second JupyterLab keeps an answered box, and the cursor in it.
      await box(1).waitFor({ state: 'detached' });

      await jupyter.rewrite(cell(2), 'await input("Go on? ")');
      await box(2).waitFor();
      await page.click('.jp-ToolbarButtonComponent[data-command="notebook:interrupt-kernel"]');
      await expect.poll(() => output(2), PATIENT).toContain('KeyboardInterrupt');
      await jupyter.screenshot('keyboard-interrupt');

      await jupyter.rewrite(cell(2), 'console.log("gone"); console.clear(); console.log("left");');
      await expect.poll(() => output(2), PATIENT).toMatch(/^left\s*$/);
      await jupyter.screenshot('keyboard-cleared');
    } finally {
      await jupyter.close();
    }
  },
);
