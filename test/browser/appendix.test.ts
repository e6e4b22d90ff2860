import { afterEach, expect, test } from 'vitest';
import { temporaryState } from '../support/command.ts';
import { cutOff, hasChromium, JupyterPage } from './jupyter-page.ts';

const state = temporaryState();
afterEach(() => void state.end());

test.skipIf(!hasChromium).each([
  ['light', 1280, 'JupyterLab Light'],
  ['light', 800, 'JupyterLab Light'],
  ['dark', 1280, 'JupyterLab Dark'],
  ['dark', 800, 'JupyterLab Dark'],
] as const)(
  'every chart of the appendix on a %s desktop, %i wide: whole, on white paper',
  async (colorScheme, width, theme) => {
    const look = { width, colorScheme, state: state.path };
    const jupyter = await JupyterPage.open('appendix-charts', look);
    try {
      await jupyter.runAll();
      await jupyter.untilIdle();
      expect(await jupyter.page.getAttribute('body', 'data-jp-theme-name')).toBe(theme);
      const charts = await jupyter.page.locator('.vega-embed').all();
      expect(charts.length).toBeGreaterThan(10);
      for (const [i, chart] of charts.entries()) {
        await chart.scrollIntoViewIfNeeded();
        await jupyter.screenshot(`appendix-${colorScheme}-${width}-${i}`);
        expect.soft(await cutOff(chart), `chart ${i} is not cut off`).toBe(0);
        const corner = await chart.evaluate(
          (element) =>
            element.querySelector('canvas')?.getContext('2d')?.getImageData(2, 2, 1, 1).data,
        );
        expect.soft([...(corner ?? [])], `the paper of chart ${i}`).toEqual([255, 255, 255, 255]);
      }
    } finally {
      await jupyter.close();
    }
  },
);
