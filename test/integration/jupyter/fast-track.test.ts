import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lessonContents } from '../../../lib/src/lessons/contents.ts';
import { readProgress, resetProgress } from '../../../lib/src/lessons/progress.ts';
import { ROOT } from '../../support/command.ts';
import { KernelClient, kernelArgs } from '../../support/kernel-client.ts';
import { ownState } from '../../support/lab.ts';
import { codeCells, readNotebook } from '../../support/notebook.ts';

/** What lessons 01 to 19 say, and the notion of somebody who comes from a queue. */
const ANSWERS: [lesson: string, right: string, wrong: string][] = [
  ['01', '12', '0'],
  ['02', '1', '2'],
  ['03', "'of each partition'", "'of the topic'"],
  ['04', '[8, 9]', '[3, 8, 9]'],
  ['05', '20', '30'],
  ['06', '42', '5'],
  ['07', '0', '30'],
  ['08', "'one or two'", "'one'"],
  ['09', '1.5', '2'],
  ['10', "'pricing'", "'nobody'"],
  ['11', '1', '0'],
  ['12', '25', '20'],
  ['13', '2', '3'],
  ['14', '9', '3'],
  ['15', '4', '0'],
  ['16', '2', '0'],
  ['17', '4', '1'],
  ['18', '6', '0'],
  ['19', "'batches'", "'6 partitions'"],
];

const cells = codeCells(readNotebook(join(ROOT, 'notebooks', 'appendix-fast-track.ipynb')));
const sources = cells.map(({ id, source }) => ({ id, source: [source].flat().join('') }));
ownState();
let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start({
    patience: 60_000,
    launch: (file, env) =>
      spawn(process.execPath, kernelArgs(file), {
        ...{ cwd: join(ROOT, 'notebooks'), stdio: ['ignore', 'ignore', 'pipe'] },
        env: { ...env, KAFKA_LAB_STATE: process.env['KAFKA_LAB_STATE'], KAFKA_LAB_PROGRESS: '' },
      }),
  });
  await run(sources[0]!.source);
}, 60_000);
afterAll(() => kernel.close());

/** What a cell shows, as text. */
async function run(source: string): Promise<string> {
  const { messages, error } = await kernel.execute(source);
  expect(error, error && String(error['evalue'])).toBeUndefined();
  return messages.map(({ content }) => content['data']?.['text/plain'] ?? '').join('\n');
}

/** The cells of the question about a lesson: prediction, answer. */
function question(number: string): { prediction: string; answer: string } {
  const at = sources.findIndex(({ source }) => source.includes(`recorded('${number}-`));
  const isPrediction = ({ source }: (typeof sources)[number]) => source.includes('predict.');
  const before = sources.slice(0, at).findLastIndex(isPrediction);
  const after = sources.slice(before + 1).findIndex(isPrediction);
  const last = after < 0 ? sources.length - 1 : before + 1 + after;
  const answer = sources.slice(before + 1, last).map(({ source }) => source);
  return { prediction: sources[before]!.source, answer: answer.join('\n') };
}

/** The answer, written between the parentheses as a learner does. */
const answered = (prediction: string, value: string) =>
  prediction
    .replace(/(predict\.(?:number|order))\((?:\[\])?\)/, `$1(${value})`)
    .replace(/(predict\.oneOf\(\w+)\)/, `$1, ${value})`);

const stateOf = (number: string) =>
  readProgress().find(({ name }) => name.startsWith(`${number}-`))?.state;

test('there is a question about each lesson from 01 to 19', () => {
  const lessons = lessonContents().map(({ name }) => name.slice(0, 2));
  const asked = ANSWERS.map(([number]) => number);
  expect(lessons.filter((number) => number > '00' && number < '20')).toEqual(asked);
});

test.each(ANSWERS)('%s: not answered, then rightly', async (number, right) => {
  const { prediction, answer } = question(number);
  await run(prediction);
  expect(await run(answer)).toMatch(/^No answer yet: [^\n]*$/);
  expect(stateOf(number)).toBe('new');
  await run(answered(prediction, right));
  const said = await run(answer);
  expect(said).toMatch(/^As you predicted:\n✓ .*\nLesson \d\d counts as \*known\*[^\n]*\n.*\d/);
  expect(stateOf(number)).toBe('known');
  expect(await run(answer)).toBe(said);
});

test.each(ANSWERS.slice(3, 6))(
  '%s: wrongly, and then rightly: the first answer counts',
  async (number, right, wrong) => {
    const { prediction, answer } = question(number);
    resetProgress(readProgress().find(({ name }) => name.startsWith(number))?.name);
    await run(answered(prediction, wrong));
    const said = await run(answer);
    expect(said).toMatch(
      /^It went another way:\n· .*\nLesson \[\d\d\]\(\S+\.ipynb\) is about this\.\n.*\d/,
    );
    expect(await run(answer)).toBe(said);
    await run(answered(prediction, right));
    expect(await run(answer)).toMatch(
      /^As you predicted:\n✓ .*\nThe first answer counts, and yours was /,
    );
    expect(stateOf(number)).toBe('new');
  },
);
