import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { stopBroker } from '../../../lib/src/broker/index.ts';
import { type Lab, openLab } from '../../../lib/src/lab/index.ts';
import { check } from '../../../lib/src/lessons/check.ts';
import { compare } from '../../../lib/src/lessons/compare.ts';
import { lessonContents } from '../../../lib/src/lessons/contents.ts';
import { predict } from '../../../lib/src/lessons/predict.ts';
import { kafkaLab, waitUntil } from '../../support/command.ts';
import { recordsIn } from '../../support/kafka-tools.ts';
import { ownState, recordingHost } from '../../support/lab.ts';

const state = ownState();
const host = recordingHost();
const LESSON = '05-scaling';
const lessons = lessonContents();
const claims = lessons.find(({ name }) => name === LESSON)!.checks;

beforeAll(async () => {
  delete process.env['KAFKA_LAB_PROGRESS'];
  process.env['KAFKA_LAB_PREFIX'] = 'ann';
  await (await opened('off')).close(); // Kafka is started
});
beforeEach(() => void host.shown.splice(0));

/** The lab of a learner to whom something has happened. */
async function opened(sharing: string): Promise<Lab> {
  process.env['KAFKA_LAB_CLASS'] = sharing;
  const lab = await openLab(LESSON);
  const place = { topic: 'orders', partition: 0, offset: 0, key: null };
  lab.ledger.record({ kind: 'produced', time: 1, group: '', member: 'shop', ...place });
  return lab;
}

const pass = (n: number) => check(claims[n]!, { observed: 1, expected: 1 });
const told = () => JSON.parse(readFileSync(join(state, 'run', 'class.json'), 'utf8'));
const notices = () => host.shown.filter((shown) => /class board/.test(`${shown['text/plain']}`));

async function says(...argv: string[]): Promise<string> {
  const { code, output } = await kafkaLab(state, argv).ended;
  expect(code, output).toBe(0);
  return output;
}

test('whoever has not agreed shares nothing', async () => {
  const lab = await opened('');
  pass(0);
  await lab.close();
  expect(notices()).toEqual([]);
  expect(await says('topic')).not.toContain('progress');
  expect(await says('class')).toMatch(/^Nobody yet\./);
});

test('a passed check is on the board soon; Kafka has lesson, counts and times, and no more', async () => {
  const lab = await opened('on');
  expect(notices()).toHaveLength(1);
  const board = kafkaLab(state, ['class', '--watch', '--json']);
  await board.says(/"passed":1,/);
  compare(predict.number(3), 4, { of: 'boxes' });
  const began = performance.now();
  pass(1);
  const cell = performance.now() - began;
  await board.says(/"passed":2,/);
  console.log(
    `From check to board: ${Math.round(performance.now() - began)} ms; the cell took ${cell.toFixed(1)} ms.`,
  );
  board.kill('SIGINT');
  await board.ended;
  const { brokers } = lab.connection;
  await lab.close();
  const records = await recordsIn(brokers, 'ann.progress', lessons.length + 1);
  expect(new Set(records.map(({ key }) => key))).toEqual(new Set(lessons.map(({ name }) => name)));
  const said = records.flatMap(({ key, value }) =>
    value === null ? [] : [[key, JSON.parse(value)]],
  );
  const time = expect.any(Number);
  const counts = (passed: number) => ({
    checks: { passed, total: claims.length },
    exercises: { solved: 0, total: expect.any(Number) },
    ...{ opened: time, time },
  });
  expect(said).toEqual([
    [LESSON, counts(1)],
    [LESSON, counts(2)],
  ]);
});

test('predictions are shared by whoever has said so', async () => {
  const lab = await opened('predictions');
  compare(predict.number(), 4, { of: 'none' });
  compare(predict.number(3), 4, { of: 'boxes' });
  const { brokers } = lab.connection;
  await lab.close();
  const all = 2 * lessons.length + 2;
  const { key, value } = (await recordsIn(brokers, 'ann.progress', all)).at(-1)!;
  expect([key, JSON.parse(`${value}`)]).toEqual([
    `${LESSON} boxes`,
    { said: '3', time: expect.any(Number) },
  ]);
});

test('all of a learner goes with the prefix, and comes again with the next lesson', async () => {
  expect(await says('reset', '--prefix', 'ann', '--yes')).toContain('delete  topic ann.progress');
  expect(await says('class')).toMatch(/^Nobody yet\./);
  const lab = await opened('on');
  await lab.close();
  expect(await says('class')).toMatch(/^ann +›2\/\d+ +05-scaling since \d\d:\d\d$/m);
});

test('a Kafka that has gone fails no cell and keeps no lab open; the doctor tells of it', async () => {
  const lab = await opened('on');
  await waitUntil(
    () => existsSync(join(state, 'run', 'class.json')) && !told().why,
    'it to be sent',
  );
  await stopBroker();
  pass(2);
  await lab.close();
  await waitUntil(() => told().why, 'it to be noted that it was not sent');
  const { output } = await kafkaLab(state, ['doctor'], { KAFKA_LAB_CLASS: 'on' }).ended;
  expect(output).toMatch(/^Class +progress is shared; not sent .* to ann\.progress$/m);
  expect(output).toContain('✗ The class does not see your newest progress: ');
  expect(host.failures.map((error) => (error as { code?: string }).code)).toEqual(['BROKER_LOST']);
});
