import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { classSharing } from '../../../lib/src/broker/config/class-sharing.ts';
import { Told } from '../../../lib/src/class-board/board.ts';
import { Outbox } from '../../../lib/src/class-board/outbox.ts';
import {
  lessonRecord,
  parseRecord,
  predictionRecord,
} from '../../../lib/src/class-board/records.ts';
import { classLearnerOf, progressTopic } from '../../../lib/src/class-board/topic.ts';
import {
  classSharingProbe,
  noteClassFailure,
  noteClassSent,
  sharingExamined,
} from '../../../lib/src/doctor/class-sharing.ts';
import type { Examined } from '../../../lib/src/doctor/examination.ts';
import { runOf } from '../../../lib/src/lab/resources/names.ts';
import { withState } from '../../../lib/src/paths.ts';
import { classLines } from '../../../lib/src/terminal/kafka/class-lines.ts';
import { waitUntil } from '../../support/command.ts';

const LESSON = {
  name: '05-scaling',
  checks: { passed: 2, total: 3 },
  exercises: { solved: 0, total: 1 },
};
const read = ([key, value]: readonly [string, string | null]) =>
  parseRecord(Buffer.from(key), value === null ? null : Buffer.from(value));

test('nothing is shared unless a learner says so; what cannot be understood shares nothing', () => {
  const sharing = (text?: string) => classSharing({ KAFKA_LAB_CLASS: text });
  expect([sharing(), sharing(''), sharing('off')]).toEqual(['off', 'off', 'off']);
  expect([sharing('on'), sharing(' Predictions ')]).toEqual(['on', 'predictions']);
  expect(() => sharing('yes')).toThrow(/KAFKA_LAB_CLASS is "yes", which is none of off, on, predi/);
});

test('a learner has one topic, which is no run’s: no sweep takes it for one', () => {
  expect(classLearnerOf(progressTopic('ann'))).toBe('ann');
  expect(runOf(progressTopic('ann'))).toBeUndefined();
  const others = [
    'progress',
    'ann.progress.05-scaling.k3f',
    'a.b.progress',
    'ann.orders',
    '.progress',
  ];
  expect(others.map(classLearnerOf)).toEqual(others.map(() => undefined));
});

test('a record says lesson, counts and times, and nothing else', () => {
  const record = lessonRecord(LESSON, { opened: 1, now: 2 });
  const { name: lesson, ...counts } = LESSON;
  expect(JSON.parse(record[1])).toEqual({ ...counts, opened: 1, time: 2 });
  expect(read(record)).toEqual({
    kind: 'lesson',
    lesson,
    value: { ...counts, opened: 1, time: 2 },
  });
  expect(read([lesson, null])).toEqual({ kind: 'lesson', lesson, value: null });
});

test('predictions of any words arrive, cut to what a board can show', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 1 }), (of, said) => {
      const got = read(predictionRecord('05-scaling', of, said, 3));
      expect(got).toMatchObject({ kind: 'prediction', lesson: '05-scaling' });
      expect(got?.value).toMatchObject({ time: 3 });
    }),
  );
  expect(read(predictionRecord('05-scaling', 'boxes', '6', 3))).toEqual({
    ...{ kind: 'prediction', lesson: '05-scaling', of: 'boxes', value: { said: '6', time: 3 } },
  });
});

test('whatever somebody else writes is a record as the lab writes them, or none', () => {
  const [key, value] = lessonRecord(LESSON, { now: 2 });
  const changed = (change: object) =>
    read([key, JSON.stringify({ ...JSON.parse(value), ...change })]);
  expect(changed({})).toBeDefined();
  for (const change of [
    { checks: { passed: 4, total: 3 } },
    { checks: { passed: -1, total: 3 } },
    { exercises: { solved: 1e9, total: 1e9 } },
    { time: '<b>' },
    { time: 1e300 },
    { opened: null },
    { code: 'let x' },
    { padding: 'x'.repeat(1000) },
  ])
    expect(changed(change), JSON.stringify(change)).toBeUndefined();
  for (const name of ['__proto__', '<script>', '05', `05-${'x'.repeat(60)}`, '05-scaling\n', ''])
    expect(read([name, value]), name).toBeUndefined();
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (key, value) => {
      expect(parseRecord(Buffer.from(key), Buffer.from(value))).toBeUndefined();
    }),
  );
  fc.assert(
    fc.property(fc.json(), (json) => {
      expect(read([key, json])).toBeUndefined();
      expect(read([`${key} x`, json])).toBeUndefined();
    }),
  );
  expect(parseRecord(null, Buffer.from(value))).toBeUndefined();
});

test('the newest word on each lesson counts; lessons that the course has not are left out', () => {
  const told = new Told('ann', new Set(['05-scaling', '06-fan-out']));
  const say = (name: string, passed: number, times: { opened?: number; now: number }) => {
    const record = read(lessonRecord({ ...LESSON, name, checks: { passed, total: 3 } }, times));
    if (record) told.add(record);
  };
  say('05-scaling', 0, { opened: 10, now: 10 });
  say('06-fan-out', 0, { opened: 20, now: 20 });
  say('77-mine', 1, { opened: 90, now: 90 });
  expect(told.learner.here).toEqual({ lesson: '06-fan-out', since: 20 });
  // Both are open: what happens in one shows where the learner is.
  say('05-scaling', 3, { opened: 10, now: 30 });
  expect(told.learner.here).toEqual({ lesson: '05-scaling', since: 10 });
  expect([...told.learner.lessons].map(([name, { checks }]) => [name, checks.passed])).toEqual([
    ['05-scaling', 3],
    ['06-fan-out', 0],
  ]);
  told.add({ kind: 'lesson', lesson: '05-scaling', value: null });
  expect([...told.learner.lessons.keys()]).toEqual(['06-fan-out']);
});

test('a learner who floods the board with predictions has two hundred of them', () => {
  const told = new Told('ann', new Set(['05-scaling']));
  for (let i = 0; i < 1000; i++)
    told.add(read(predictionRecord('05-scaling', `${i}`, 'x', i)) as never);
  expect(told.predictions).toHaveLength(200);
});

test('the board in a terminal: a column for each lesson that somebody has begun', () => {
  expect(classLines([], ['05-scaling'])).toEqual([
    'Nobody yet. Learners share how far they are with KAFKA_LAB_CLASS=on.',
  ]);
  const since = new Date(2026, 10, 30, 14, 2).getTime();
  const at = (passed: number, solved: number) => ({
    checks: { passed, total: 3 },
    exercises: { solved, total: 1 },
    time: since,
  });
  const lines = classLines(
    [
      {
        name: 'ann',
        lessons: new Map([
          ['05-scaling', at(3, 1)],
          ['06-fan-out', at(0, 0)],
        ]),
        here: { lesson: '06-fan-out', since },
      },
      { name: 'bob', lessons: new Map([['05-scaling', at(2, 0)]]) },
    ],
    ['04-groups-and-offsets', '05-scaling', '06-fan-out'],
  );
  expect(lines.slice(0, 3)).toEqual([
    'learner  05   06    last opened',
    'ann      ✓    ›0/4  06-fan-out since 14:02',
    'bob      2/4',
  ]);
});

test('the doctor tells what is shared, and why it did not arrive', () => {
  const state = mkdtempSync(join(tmpdir(), 'class-'));
  onTestFinished(() => rmSync(state, { recursive: true, force: true }));
  const look = (value?: string) => {
    const before = process.env['KAFKA_LAB_CLASS'];
    process.env['KAFKA_LAB_CLASS'] = value ?? '';
    try {
      return classSharingProbe.look() as Examined;
    } finally {
      if (before === undefined) delete process.env['KAFKA_LAB_CLASS'];
      else process.env['KAFKA_LAB_CLASS'] = before;
    }
  };
  withState(state, () => {
    expect(look().lines).toEqual(['nothing is shared']);
    expect(look('on').lines).toEqual(['progress is shared; nothing sent yet']);
    noteClassFailure('ann.progress', 'Connection\nrefused');
    expect(look('on').findings).toEqual([
      {
        what: 'The class does not see your newest progress: Connection refused',
        fix: 'npx --no kafka-lab class',
      },
    ]);
    expect(look().findings).toEqual([]);
    const log = readFileSync(join(state, 'logs', 'class.log'), 'utf8');
    expect(log).toMatch(/^\S+Z ann\.progress: Connection refused\n$/);
    noteClassSent('ann.progress');
    expect(look('predictions')).toMatchObject({
      lines: [expect.stringMatching(/^progress and predictions are shared; sent 20.* to ann\.pro/)],
      findings: [],
    });
    expect(look('yes').findings).toMatchObject([{ fix: 'export KAFKA_LAB_CLASS=on' }]);
    // A disk on which nothing can be written.
    rmSync(state, { recursive: true });
    writeFileSync(state, '');
    expect(() => noteClassFailure('ann.progress', 'full')).not.toThrow();
  });
  expect(sharingExamined('on').findings).toEqual([]);
});

test('what is due is sent once, never two at a time; what failed is due again', async () => {
  const ends: ((isSent: boolean) => void)[] = [];
  const outbox = new Outbox(() => new Promise((resolve) => ends.push(resolve)));
  for (const _ of [1, 2, 3]) outbox.due();
  await waitUntil(() => ends.length === 1, 'the first to be sent', 5000);
  outbox.due();
  const closed = outbox.close();
  ends[0]?.(false);
  await waitUntil(() => ends.length === 2, 'the rest to be sent', 5000);
  ends[1]?.(true);
  await closed;
  outbox.due();
  await outbox.close();
  expect(ends).toHaveLength(3);
});

test('whoever closes does not wait for a Kafka that does not answer', async () => {
  const outbox = new Outbox(() => new Promise(() => undefined));
  outbox.due();
  await outbox.close();
});
