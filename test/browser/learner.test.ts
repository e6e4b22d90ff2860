import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ROOT, temporaryState } from '../support/command.ts';
import { exercisesOf, readNotebook } from '../support/notebook.ts';
import { hasChromium } from './chromium.ts';
import { JupyterPage } from './jupyter-page.ts';

const state = temporaryState();
afterEach(() => void state.end());

const notebook = readNotebook(join(ROOT, 'notebooks', '00-start-here.ipynb'));
const solution = exercisesOf(notebook).find(({ name }) => name === 'letters')?.solution as string;

test.skipIf(!hasChromium)(
  'a first hour: a wrong prediction, an exercise not solved, a hint, the solution, progress',
  async () => {
    const jupyter = await JupyterPage.open('00-start-here', { state: state.path, width: 1280 });
    const { page } = jupyter;
    const text = async (part: string) => (await jupyter.cell(part)).innerText();
    try {
      await jupyter.runAll();
      await jupyter.untilIdle();
      await expect.poll(() => text('compare(position, stoodAt')).toContain('that is fine');
      await expect.poll(() => text("exercise('the next letter")).toContain('Not yet:');
      await jupyter.screenshot('00-not-yet');

      await jupyter.rewrite(
        await jupyter.cell('const position = predict.number()'),
        'const position = predict.number(9);\nconst left = predict.number(10);',
      );
      await (await jupyter.cell('compare(position, stoodAt')).locator('.cm-content').click();
      await jupyter.run();
      await expect
        .poll(() => text('compare(position, stoodAt'))
        .toMatch(/It went another way[\s\S]*As you predicted/);
      await jupyter.screenshot('00-prediction');

      const help = await jupyter.cell('Hint 1');
      const hint = help.locator('details', { hasText: 'Hint 2' });
      expect(await hint.locator('p').isVisible()).toBe(false);
      await hint.locator('summary').click();
      await hint.locator('p').waitFor();
      await jupyter.screenshot('00-hint');

      await jupyter.rewrite(await jupyter.cell("lab.topic('letters'"), solution);
      await jupyter.run();
      await expect.poll(() => text("exercise('the next letter")).toContain('✓ Solved:');
      await jupyter.screenshot('00-solved');

      await (await jupyter.cell('charts.course(readProgress())')).locator('.cm-content').click();
      await jupyter.run();
      await jupyter.untilIdle();
      const course = (await jupyter.cell('charts.course(readProgress())')).locator('.vega-embed');
      // Until the new chart is drawn, the one of the first run stands there.
      await expect
        .poll(() => course.getAttribute('aria-label'))
        .toMatch(/^1 of \d+ lessons done, .*Next: 0/);
      await jupyter.screenshot('00-progress');
      expect(await page.locator('.jp-mod-error, [data-mime-type*="stderr"]').count()).toBe(0);
    } finally {
      await jupyter.close();
    }
  },
);
