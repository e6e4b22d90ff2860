import type { Locator } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { temporaryState } from '../support/command.ts';
import { hasChromium } from './chromium.ts';
import { cutOff, JupyterPage } from './jupyter-page.ts';

const state = temporaryState();
afterEach(() => void state.end());

test.skipIf(!hasChromium).each([800, 1280])(
  '05-scaling shows its charts in JupyterLab, %i wide: first live, then interactive; a mark tells its record',
  async (width) => {
    const jupyter = await JupyterPage.open('05-scaling', { state: state.path, width });
    const { page } = jupyter;
    try {
      await jupyter.runAll();
      await jupyter.untilIdle();
      const joins = await jupyter.cell('consumerB.run(');
      const frames = await framesOf(joins);
      await joins.locator('.cm-content').click();
      await jupyter.run();
      await expect.poll(frames).not.toEqual([]);
      await joins.evaluate((cell) => cell.scrollIntoView({ block: 'end' })); // JupyterLab has gone on to the next cell
      await jupyter.screenshot(`05-scaling-${width}-live`);
      await jupyter.untilIdle();
      await jupyter.charts(joins);
      expect(new Set(await frames()), 'no frame is cut off').toEqual(new Set([0]));
      const charts = await jupyter.charts();
      for (const [i, chart] of charts.entries()) {
        await chart.scrollIntoViewIfNeeded();
        await jupyter.screenshot(`05-scaling-${width}-${i}`);
        expect(await cutOff(chart), 'a chart is not cut off').toBe(0);
      }

      expect(await page.evaluate(BROKEN_WORDS), 'words of output on two lines').toEqual([]);

      await jupyter.rewrite(await jupyter.cell('{ group: ranges })'), ONE_RECORD);
      const chart = (await jupyter.cell("lab.topic('seen')")).locator('.vega-embed');
      await chart.waitFor();
      await expect.poll(() => pointedAt(chart), { timeout: 30_000 }).toMatch(ITS_TOOLTIP);
      await jupyter.screenshot(`05-scaling-${width}-tooltip`);
      expect(await page.locator('#vg-tooltip-element img').count()).toBe(0);
    } finally {
      await jupyter.close();
    }
  },
);

/** By how much each frame that comes in a cell is too wide, in px: the page notes it, since the next one takes its place. */
async function framesOf(cell: Locator): Promise<() => Promise<number[]>> {
  await cell.evaluate((element) => {
    const noted: number[] = [];
    Object.assign(element, { noted });
    new MutationObserver(() => {
      for (const frame of element.querySelectorAll('.jp-RenderedHTML svg')) {
        const room = frame.parentElement?.clientWidth ?? 0;
        noted.push(Math.max(0, frame.getBoundingClientRect().width - room));
      }
    }).observe(element, { childList: true, subtree: true });
  });
  return () => cell.evaluate((element) => (element as unknown as { noted: number[] }).noted);
}

/** Those words of printed output, shorter than its lines, that begin on one line and end on another. */
const BROKEN_WORDS = `[...document.querySelectorAll('.jp-OutputArea-output pre')].flatMap((pre) => {
  const texts = document.createTreeWalker(pre, NodeFilter.SHOW_TEXT);
  const broken = [];
  while (texts.nextNode()) {
    const text = texts.currentNode;
    for (const { 0: word, index } of text.data.matchAll(/[\\w.]{2,40}/g)) {
      const range = document.createRange();
      range.setStart(text, index);
      range.setEnd(text, index + word.length);
      if (range.getClientRects().length > 1) broken.push(word);
    }
  }
  return broken;
})`;

/** A log of one record: most of its left half is a mark. */
const ONE_RECORD = `
const seen = await lab.topic('seen');
const value = '<img src=x onerror=alert(1)>';
await producer.send({ topic: seen.name, messages: [{ key: 'ada', value }] });
const readers = lab.group('readers');
await join('reader', readers, seen.name, label);
await lab.untilDrained(readers, seen);
charts.log(lab.ledger, { topic: seen.name, group: readers })`;
const ITS_TOOLTIP =
  /^partition: 0 offset: 0 key: ada value: <img src=x onerror=alert\(1\)> produced at: [\d:]{8}\.\d{3} processed by: reader$/;

/** What the first mark says that a pointer meets on its way down through a chart. */
async function pointedAt(chart: Locator): Promise<string> {
  const page = chart.page();
  const tooltip = page.locator('#vg-tooltip-element.visible');
  await chart.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await chart.boundingBox()) ?? {
    x: 0,
    y: 0,
    width: 0,
    height: 0,
  };
  for (let down = 0; down < height; down += 6) {
    await page.mouse.move(x + width * 0.3, y + down);
    if ((await tooltip.count()) > 0) return (await tooltip.innerText()).replace(/\s+/g, ' ').trim();
  }
  return 'no mark';
}
