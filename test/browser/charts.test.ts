import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { kafkaLab, nothingLeft, ROOT, temporaryState, waitUntil } from '../support/command.ts';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const isThere = existsSync(CHROMIUM);
if (!isThere) console.log(`Skipped: no Chromium at ${CHROMIUM}. Set CHROMIUM to its path.`);

const folder = join(ROOT, 'build', 'screenshots');
const state = temporaryState();
afterEach(() => void state.end());

test.skipIf(!isThere)(
  '05-scaling shows its charts in JupyterLab: first live, then interactive',
  async () => {
    mkdirSync(folder, { recursive: true });
    const lab = kafkaLab(state.path, ['start', '--no-browser']);
    const [, origin, token] = await lab.says(/(http:\/\/127\.0\.0\.1:\d+)\S+\?token=(\w+)/);
    const browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu'],
    });
    try {
      const page = await browser.newPage({ viewport: { width: 800, height: 900 } });
      await page.goto(`${origin}/lab/tree/05-scaling.ipynb?token=${token}`);
      await page.waitForSelector('.jp-NotebookPanel .jp-Cell', { timeout: 60_000 });
      await page.waitForSelector('text=TypeScript (Kafka Lab)');
      await page.click('li.lm-MenuBar-item:has-text("Run")');
      await page.click('.lm-Menu-item:has-text("Run All Cells")');
      const count = async (selector: string) => (await page.$$(selector)).length;
      await page.waitForSelector('.jp-RenderedSVG', { state: 'attached', timeout: 60_000 });
      await page.screenshot({ path: join(folder, '05-scaling-live.png') });
      await page.waitForSelector('.vega-embed', { state: 'attached', timeout: 60_000 });
      let busy = true;
      const asking = setInterval(async () => {
        const kernels = await fetch(`${origin}/api/kernels`, {
          headers: { authorization: `token ${token}` },
        });
        busy = ((await kernels.json()) as { execution_state: string }[]).some(
          (k) => k.execution_state !== 'idle',
        );
      }, 500);
      await waitUntil(() => !busy, 'the notebook to have run', 90_000).finally(() =>
        clearInterval(asking),
      );
      expect(await count('.vega-embed')).toBeGreaterThan(0);
      const charts = await page.$$('.vega-embed');
      for (const [i, chart] of charts.entries()) {
        await chart.scrollIntoViewIfNeeded();
        await page.screenshot({ path: join(folder, `05-scaling-${i}.png`) });
        const wide = await chart.evaluate((e) => [
          e.clientWidth,
          e.parentElement?.clientWidth ?? 0,
        ]);
        expect(wide[0], 'a chart is not cut off').toBeLessThanOrEqual(wide[1] as number);
      }
    } finally {
      await browser.close();
      lab.kill('SIGINT');
      await lab.ended;
    }
    await nothingLeft(state.path);
  },
);
