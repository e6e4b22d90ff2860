import { afterEach, expect, test } from 'vitest';
import { temporaryState } from '../support/command.ts';
import { hasChromium, JupyterPage } from './jupyter-page.ts';

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
      const charts = await jupyter.page.$$('.vega-embed');
      expect(charts.length).toBeGreaterThan(10);
      for (const [i, chart] of charts.entries()) {
        await chart.scrollIntoViewIfNeeded();
        await jupyter.screenshot(`appendix-${colorScheme}-${width}-${i}`);
        const { own, room, corner } = await chart.evaluate((element) => ({
          own: element.clientWidth,
          room: element.parentElement?.clientWidth ?? 0,
          corner: element.querySelector('canvas')?.getContext('2d')?.getImageData(2, 2, 1, 1).data,
        }));
        expect.soft(own, `chart ${i} is not cut off`).toBeLessThanOrEqual(room);
        expect.soft([...(corner ?? [])], `the paper of chart ${i}`).toEqual([255, 255, 255, 255]);
      }
    } finally {
      await jupyter.close();
    }
  },
);
