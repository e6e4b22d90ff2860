import kafkajs, { Kafka } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectionFromEnvironment } from '../../lib/src/broker/config/address.ts';
import { ClassBoard, LOOK_EVERY } from '../../lib/src/class-board/class-board.ts';
import { progressTopicConfig } from '../../lib/src/class-board/topic.ts';
import { lessonContents } from '../../lib/src/lessons/contents.ts';
import { noCertificates } from '../support/certificates.ts';
import { kafkaLab, waitUntil } from '../support/command.ts';
import { ownState } from '../support/lab.ts';
import { type Classroom, openClassroom } from './classroom.ts';
import { Learners } from './learners.ts';

const PROCESSES = 3;
const LEARNERS = 30;
const ALL = Array.from({ length: LEARNERS }, (_, n) => `learner-${n + 1}`);
const LESSON = '05-scaling';
const { checks, exercises } = lessonContents().find(({ name }) => name === LESSON)!;
const reason = noCertificates();

/** When a learner passed the last check, and how long the longest took. */
interface Passed {
  passed: number;
  longest: number;
}

describe.skipIf(reason)(`the board of a class${reason ? `: ${reason}` : ''}`, () => {
  const folder = ownState();
  let classroom: Classroom;
  let rows: Learners<Passed>[] = [];

  beforeAll(async () => {
    classroom = await openClassroom(folder, ALL);
  });
  afterAll(async () => {
    for (const row of rows) row.kill();
    await classroom?.kafka.stop();
  });

  const kafkaOf = (user: string) =>
    new Kafka({
      ...{ clientId: user, logLevel: kafkajs.logLevel.NOTHING, retry: { retries: 1 } },
      ...connectionFromEnvironment(classroom.environment(user))!,
    });

  test(`${LEARNERS} learners share how far they are: none is lost, and soon all are on the board`, async () => {
    const board = await ClassBoard.open(kafkaOf('instructor'));
    expect(board.learners).toEqual([]);
    const env = { ...classroom.environment('each their own'), KAFKA_LAB_CLASS: 'predictions' };
    rows = Array.from({ length: PROCESSES }, (_, row) => {
      const prefixes = ALL.filter((_, n) => n % PROCESSES === row);
      return new Learners(new URL('board-learner.mjs', import.meta.url), prefixes, {
        ...env,
        KAFKA_LAB_STATE: folder,
      });
    });
    await Promise.all(rows.map((row) => row.here()));

    const seen = new Map<string, number>();
    const look = async () => {
      await board.look();
      for (const { name, lessons } of board.learners)
        if (lessons.get(LESSON)?.checks.passed === checks.length && !seen.has(name))
          seen.set(name, Date.now());
      return seen.size === LEARNERS;
    };
    const working = Promise.all(rows.map((row) => row.work()));
    await waitUntil(look, 'all learners to be on the board', { limit: 300_000, every: LOOK_EVERY });
    const saw = (await working).flatMap((row) => row.saw);
    expect([...seen.keys()].sort()).toEqual([...ALL].sort());
    expect(board.learners).toEqual(
      ALL.map((name) => ({
        name,
        lessons: new Map([
          [
            LESSON,
            {
              checks: { passed: checks.length, total: checks.length },
              exercises: { solved: 0, total: exercises.length },
              opened: expect.any(Number),
              time: expect.any(Number),
            },
          ],
        ]),
        here: { lesson: LESSON, since: expect.any(Number) },
      })),
    );
    expect(board.questions).toEqual([
      { lesson: LESSON, of: 'boxes before the piano', learners: LEARNERS },
    ]);
    console.log(report(saw, seen));
    await board.close();
    await Promise.all(rows.map((row) => row.leave()));
  });

  test('nobody can write for another, or see how far another is', async () => {
    const [ann, bob] = ['learner-1', 'learner-2'] as const;
    const kafka = kafkaOf(ann);
    const producer = kafka.producer();
    await producer.connect();
    const forge = (whose: string) =>
      producer.send({ topic: `${whose}.progress`, messages: [{ key: LESSON, value: null }] });
    const refused = { type: 'TOPIC_AUTHORIZATION_FAILED' };
    await expect(forge(bob)).rejects.toMatchObject({ cause: refused });
    await forge(ann);
    await producer.disconnect();
    const admin = kafka.admin();
    await admin.connect();
    const made = admin.createTopics({ topics: [progressTopicConfig('zed')] });
    await expect(made).rejects.toMatchObject({ errors: [refused] });
    const gone = admin.deleteTopics({ topics: [`${bob}.progress`] });
    await expect(gone).rejects.toMatchObject(refused);
    await admin.disconnect();

    const says = async (user: string, ...argv: string[]) =>
      (await kafkaLab(folder, argv, classroom.environment(user)).ended).output;
    expect(await says('instructor', 'class')).toMatch(/^30 learners\./m);
    const own = await says(bob, 'class');
    expect(own).toMatch(/^1 learner\./m);
    expect(own).toMatch(
      new RegExp(`^learner-2 +›${checks.length}/${checks.length + exercises.length} `, 'm'),
    );
    expect(await says(bob, 'reset', 'topics', '--yes')).toContain(
      `leave   topic ${bob}.progress: the class board reads it; reset --prefix ${bob} removes it`,
    );
    expect(await says(bob, 'reset', '--prefix', bob, '--yes')).toContain(
      `delete  topic ${bob}.progress`,
    );
    expect(await says('instructor', 'class')).toMatch(/^29 learners\./m);
  });
});

/** What docs/instructors.md says of the time from a check to the board comes from here. */
function report(
  saw: readonly (Passed & { prefix: string })[],
  seen: ReadonlyMap<string, number>,
): string {
  const ms = saw.map(({ prefix, passed }) => seen.get(prefix)! - passed).sort((a, b) => a - b);
  const longest = Math.max(...saw.map(({ longest }) => longest));
  const seconds = (n: number) => `${((ms[n] as number) / 1000).toFixed(1)} s`;
  return [
    `${LEARNERS} learners in ${PROCESSES} processes: from check to board it took`,
    `${seconds(LEARNERS / 2)} (median), ${seconds(LEARNERS - 1)} at most; no check took longer than ${longest.toFixed(1)} ms.`,
  ].join(' ');
}
