import type { Locator } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { temporaryState } from '../support/command.ts';
import { hasChromium } from './chromium.ts';
import { cutOff, JupyterPage } from './jupyter-page.ts';

const state = temporaryState();
afterEach(() => void state.end());

test.skipIf(!hasChromium).each([
  ['light', 1280, 'JupyterLab Light'],
  ['light', 800, 'JupyterLab Light'],
  ['dark', 1280, 'JupyterLab Dark'],
  ['dark', 800, 'JupyterLab Dark'],
] as const)(
  'every chart of the appendix on a %s desktop, %i wide: whole, in the colours of its page',
  async (colorScheme, width, theme) => {
    const look = { width, colorScheme, state: state.path };
    const jupyter = await JupyterPage.open('appendix-charts', look);
    try {
      await jupyter.runAll();
      await jupyter.untilIdle();
      const themed = `body[data-jp-theme-name="${theme}"]`;
      await jupyter.page.waitForSelector(themed, { state: 'attached' });
      const theirs = { ground: 'rgba(0, 0, 0, 0)', ink: INK[colorScheme] };
      const charts = await jupyter.charts();
      expect(charts.length).toBeGreaterThan(10);
      for (const [i, chart] of charts.entries()) {
        await chart.scrollIntoViewIfNeeded();
        await jupyter.screenshot(`appendix-${colorScheme}-${width}-${i}`);
        expect.soft(await cutOff(chart), `chart ${i} is not cut off`).toBe(0);
        expect.soft(await coloursOf(chart), `the ground and the ink of chart ${i}`).toEqual(theirs);
      }
      const other = colorScheme === 'dark' ? 'light' : 'dark';
      await jupyter.page.emulateMedia({ colorScheme: other });
      const after = async () => (await coloursOf(charts[0]!)).ink;
      await expect.poll(after, { timeout: 30_000 }).toBe(INK[other]);
    } finally {
      await jupyter.close();
    }
  },
);

/** Of JupyterLab's text. */
const INK = { light: 'rgba(0, 0, 0, 0.87)', dark: 'rgb(255, 255, 255)' };

/** What it is drawn on, and its letters outside of marks. */
const coloursOf = (chart: Locator) =>
  chart.evaluate((svg) => {
    const style = (of: typeof svg) => svg.ownerDocument.defaultView!.getComputedStyle(of);
    const letters = svg.querySelector('text[fill="#222222"]') as typeof svg;
    return { ground: style(svg).backgroundColor, ink: style(letters).fill };
  });
