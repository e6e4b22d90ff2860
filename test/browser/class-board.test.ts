import { Kafka, logLevel } from 'kafkajs';
import { afterEach, expect, test } from 'vitest';
import { lessonRecord, predictionRecord } from '../../lib/src/class-board/records.ts';
import { makeProgressTopic, sendToClass } from '../../lib/src/class-board/sending.ts';
import { progressTopic } from '../../lib/src/class-board/topic.ts';
import { lessonContents } from '../../lib/src/lessons/contents.ts';
import { kafkaLab, temporaryState } from '../support/command.ts';
import { hasChromium } from './chromium.ts';
import { cutOff, JupyterPage } from './jupyter-page.ts';

const state = temporaryState();
afterEach(() => void state.end());

const ALL = Array.from({ length: 30 }, (_, n) => `learner-${n + 1}`);
const NASTY = '<img src=x onerror="document.title=1">';
const QUESTION = ['05-scaling', 'boxes before the piano'] as const;
const course = lessonContents();

test.skipIf(!hasChromium).each([
  ['light', 1280],
  ['dark', 1600],
] as const)(
  'the board of thirty on a %s desktop, %i wide: it follows the class',
  async (colorScheme, width) => {
    const jupyter = await JupyterPage.open('instructor-board', {
      width,
      colorScheme,
      state: state.path,
    });
    const { page } = jupyter;
    try {
      const { output } = await kafkaLab(state.path, ['status', '--json']).ended;
      const kafka = new Kafka({ brokers: JSON.parse(output).brokers, logLevel: logLevel.NOTHING });
      for (const [n, name] of ALL.entries()) {
        await makeProgressTopic(kafka, name);
        await sendToClass(kafka, progressTopic(name), new Map(recordsOf(n)));
      }
      await jupyter.runAll();
      await jupyter.untilIdle();
      const cell = await jupyter.cell('const minutes');
      const board = cell.locator('svg.marks');
      await jupyter.charts(cell);
      expect(await board.locator('text', { hasText: /^learner-\d+$/ }).count()).toBe(ALL.length);
      expect(await cutOff(board)).toBe(0);
      await jupyter.screenshot(`class-board-${colorScheme}-${width}`);
      const predictions = await jupyter.cell('charts.predictions');
      await jupyter.charts(predictions);
      expect(await predictions.locator('svg.marks').textContent()).toContain(NASTY.slice(0, 12));
      await jupyter.screenshot(`class-predictions-${colorScheme}-${width}`);
      expect(await page.locator('.jp-OutputArea img[onerror]').count()).toBe(0);

      const source =
        'await live(() => charts.classBoard(board), { until: board.watch({ minutes: 5 }) });';
      await jupyter.rewrite(await jupyter.cell('const minutes'), source);
      // The board stands, without the newcomer: frames are HTML.
      await (await jupyter.cell('board.watch')).locator('.jp-RenderedHTML svg').waitFor();
      await makeProgressTopic(kafka, 'newcomer');
      await sendToClass(kafka, progressTopic('newcomer'), new Map(recordsOf(0)));
      const arrived = page.locator('.jp-OutputArea text', { hasText: 'newcomer' });
      await arrived.first().waitFor();
      await (await jupyter.cell('board.watch')).scrollIntoViewIfNeeded();
      await jupyter.screenshot(`class-board-live-${colorScheme}-${width}`);
    } finally {
      await jupyter.close();
    }
  },
);

/** What the n-th learner has done: some lessons, and a part of the one that is open. */
function recordsOf(n: number): [string, string][] {
  const at = 3 + ((n * 7) % 9);
  const lessons = course.slice(0, at + 1).map(({ name, checks, exercises }, i) => {
    const share = i < at ? 1 : (n % 4) / 4;
    const counts = {
      checks: { passed: Math.floor(share * checks.length), total: checks.length },
      exercises: { solved: i < at - (n % 3) ? exercises.length : 0, total: exercises.length },
    };
    return lessonRecord({ name, ...counts }, i === at ? { opened: Date.now() - n * 60_000 } : {});
  });
  const said = n === 0 ? NASTY : String([6, 15, 3, 30, 6, 10][n % 6]);
  return [...lessons, predictionRecord(...QUESTION, said)];
}
