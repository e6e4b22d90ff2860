import { afterEach, expect, test } from 'vitest';
import { temporaryState } from '../support/command.ts';
import { hasChromium, JupyterPage } from './jupyter-page.ts';

const state = temporaryState();
afterEach(() => void state.end());

test.skipIf(!hasChromium).each([800, 1280])(
  '05-scaling shows its charts in JupyterLab, %i wide: first live, then interactive',
  async (width) => {
    const jupyter = await JupyterPage.open('05-scaling', { state: state.path, width });
    const { page } = jupyter;
    try {
      await jupyter.runAll();
      await page.waitForSelector('.jp-RenderedSVG', { state: 'attached' });
      await jupyter.screenshot(`05-scaling-${width}-live`);
      await page.waitForSelector('.vega-embed', { state: 'attached' });
      await jupyter.untilIdle();
      const charts = await page.$$('.vega-embed');
      expect(charts.length).toBeGreaterThan(0);
      for (const [i, chart] of charts.entries()) {
        await chart.scrollIntoViewIfNeeded();
        await jupyter.screenshot(`05-scaling-${width}-${i}`);
        const [own = 0, room = 0] = await chart.evaluate((e) => [
          e.clientWidth,
          e.parentElement?.clientWidth ?? 0,
        ]);
        expect(own, 'a chart is not cut off').toBeLessThanOrEqual(room);
      }
    } finally {
      await jupyter.close();
    }
  },
);
