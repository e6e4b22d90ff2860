import type { Locator } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { temporaryState } from '../support/command.ts';
import { hasChromium } from './chromium.ts';
import { cutOff, JupyterPage } from './jupyter-page.ts';

const state = temporaryState();
afterEach(() => void state.end());

/** A machine with much to do takes its time. */
const PATIENT = { timeout: 60_000 };

/** Two members, and thirty records, which they had one after the other; no broker has to take part. */
const RUN = `import { charts } from 'kafka-lab';
const group = 'shipping', topic = 'orders', time = (s: number) => 1e6 + 1000 * s;
const place = (n: number) => ({ topic, partition: n % 2, offset: Math.floor(n / 2), key: \`\${n}\` });
const join = (s: number, member: string, partitions: number[]) => lab.ledger.record(
  { kind: 'joined', time: time(s), group, member, assignment: { [topic]: partitions } });
join(0, 'a', [0, 1]);
for (let n = 0; n < 30; n++) {
  const by = n < 15 || n % 2 === 0 ? 'a' : 'b';
  lab.ledger.record({ kind: 'produced', time: time(n / 10), group: '', member: 'shop', ...place(n) });
  for (const kind of ['delivered', 'processed'] as const)
    lab.ledger.record({ kind, time: time(1 + n / 6), group, member: by, ...place(n) });
}
join(3.5, 'a', [0]);
join(3.5, 'b', [1]);
charts.replay(lab.ledger, { topic, group })`;

const COLOURS = { a: '#0072b2', b: '#d55e00', nobody: '#8c8c8c' };

/** How many records of the log are in the colour of each, of squares that are as high as one. */
const recordsOf = (chart: Locator) =>
  chart.locator('svg').evaluate((svg, colours) => {
    const panel = svg.querySelector('.concat_1_group') as typeof svg;
    const count = (colour: string) =>
      panel.querySelectorAll(`.mark-rect path[fill="${colour}"]`).length;
    return Object.fromEntries(Object.entries(colours).map(([of, colour]) => [of, count(colour)]));
  }, COLOURS);

test.skipIf(!hasChromium)(
  'a replay in JupyterLab: its moment is moved by keyboard, by mouse, and by itself',
  async () => {
    const jupyter = await JupyterPage.open('appendix-charts', {
      state: state.path,
      width: 1280,
    });
    const { page } = jupyter;
    try {
      await page.waitForSelector('#jp-main-statusbar >> text=| Idle', { state: 'attached' });
      const opening = await jupyter.cell("await openLab('appendix-charts')");
      await opening.locator('.cm-content').click();
      await jupyter.run();
      await jupyter.rewrite(await jupyter.cell('const kafka = (clientId'), RUN);
      const cell = await jupyter.cell('charts.replay(lab.ledger');
      await jupyter.charts(cell);
      const chart = cell.locator('.vega-embed');
      const slider = chart.locator('input[type="range"]');
      const play = chart.locator('input[type="checkbox"]');
      const seconds = async () => Number(await slider.inputValue());
      expect(await recordsOf(chart), 'at the end').toEqual({ a: 22, b: 8, nobody: 0 });
      expect(await cutOff(chart.locator('svg')), 'not cut off').toBe(0);
      const last = await seconds();
      await chart.scrollIntoViewIfNeeded();
      await jupyter.screenshot('replay-end');

      await slider.focus();
      await page.keyboard.press('Home');
      await expect.poll(() => recordsOf(chart), PATIENT).toEqual({ a: 0, b: 0, nobody: 1 });
      for (let n = 0; n < 10; n++) await page.keyboard.press('ArrowRight');
      await expect.poll(seconds, PATIENT).toBeCloseTo(0.5, 5);
      await expect.poll(() => recordsOf(chart), PATIENT).toEqual({ a: 0, b: 0, nobody: 6 });

      await slider.click(); // in its middle
      await expect.poll(async () => (await seconds()) / last, PATIENT).toBeCloseTo(0.5, 1);
      const middle = await seconds();
      const done = Array.from({ length: 30 }, (_, n) => 1 + n / 6).filter(
        (at) => at <= middle,
      ).length;
      const some = async () => {
        const { a = 0, b = 0 } = await recordsOf(chart);
        return a + b;
      };
      await expect.poll(some, PATIENT).toBe(done);
      await jupyter.screenshot('replay-middle');

      await play.click(); // Not check(): it looks at the box afterwards, which is empty at the end.
      await expect.poll(async () => (await seconds()) > middle, PATIENT).toBe(true);
      await expect.poll(() => play.isChecked(), PATIENT).toBe(false);
      await expect.poll(seconds, PATIENT).toBe(last);
      await expect.poll(() => recordsOf(chart), PATIENT).toEqual({ a: 22, b: 8, nobody: 0 });
    } finally {
      await jupyter.close();
    }
  },
);
