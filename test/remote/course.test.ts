import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prefixOf, runOf } from '../../lib/src/lab/resources/names.ts';
import { noCertificates } from '../support/certificates.ts';
import { kafkaLab, ROOT, temporaryState } from '../support/command.ts';
import { namesOn } from '../support/kafka-tools.ts';
import { ownState } from '../support/lab.ts';
import { type Classroom, openClassroom, PASSWORD } from './classroom.ts';

const LEARNERS = ['ann', 'bob'];
/** It kills brokers, and nobody kills those of others. */
const LEFT_OUT = '16-replication';
/** Those that have nothing on the Kafka of others: 02 restarts a broker of its own, the board only looks, and some need no Kafka. */
const ELSEWHERE = [
  ...['02-the-log', LEFT_OUT, 'instructor-board'],
  ...['appendix-fast-track', 'appendix-glossary', 'appendix-what-next'],
];
const reason = noCertificates();

describe.skipIf(reason)(`the course on a shared Kafka${reason ? `: ${reason}` : ''}`, () => {
  const folder = ownState();
  const states = new Map(LEARNERS.map((learner) => [learner, temporaryState()]));
  let classroom: Classroom;

  beforeAll(async () => {
    classroom = await openClassroom(folder, LEARNERS);
  });
  afterAll(async () => {
    for (const state of states.values()) state.end();
    await classroom?.kafka.stop();
  });

  test('two learners run all that kills no broker at once, with TLS, SCRAM and rights to names of their own alone', async () => {
    const runs = await Promise.all(LEARNERS.map(course));
    const outcomes = runs.map(({ code, output }) => [code, /^\d+ notebooks passed/m.exec(output)]);
    expect(outcomes, runs.map(({ output }) => output).join('\n')).toEqual(
      LEARNERS.map(() => [
        0,
        expect.arrayContaining([`${notebooks().length - 1} notebooks passed`]),
      ]),
    );
    for (const { output } of runs) {
      const lines = output.match(/^.*left out.*$/gm);
      expect(lines).toEqual([expect.stringMatching(`^${LEFT_OUT} is left out: it kills brokers`)]);
    }
    for (const learner of LEARNERS) expect(filesOf(learner).filter(tells)).toEqual([]);
  });

  test('Kafka knows topics and groups of either, of each notebook, and no others', async () => {
    const { topics, groups } = await names();
    const lessons = notebooks().filter((name) => !ELSEWHERE.includes(name));
    for (const learner of LEARNERS) {
      const own = [...topics, ...groups].filter((name) => prefixOf(name) === learner);
      const of = own.map((name) => runOf(name)?.split('.')[0]);
      expect([...new Set(of)].sort()).toEqual(lessons);
    }
    expect(
      [...topics, ...groups].filter((name) => !LEARNERS.includes(`${prefixOf(name)}`)),
    ).toEqual([]);
    expect(new Set(topics).size).toBe(topics.length);
  });

  test('the instructor takes away what one has left, and the other clears up with own rights', async () => {
    const before = await names();
    await done('instructor', ['reset', '--prefix', 'ann', '--yes']);
    const bobs = (all: string[]) => all.filter((name) => name.startsWith('bob.'));
    expect(await names()).toEqual({ topics: bobs(before.topics), groups: bobs(before.groups) });
    await done('bob', ['reset', 'topics', 'groups', '--yes']);
    expect(await names()).toEqual({ topics: [], groups: [] });
  });

  const stateOf = (learner: string) => states.get(learner)?.path ?? folder;
  const names = () => namesOn([classroom.kafka.plaintext]);

  function course(learner: string) {
    const argv = ['notebooks', '--jobs', '2', '--output', join(stateOf(learner), 'out')];
    return kafkaLab(stateOf(learner), argv, classroom.environment(learner)).ended;
  }

  async function done(user: string, argv: string[]): Promise<void> {
    const env = classroom.environment(user);
    const { code, output } = await kafkaLab(stateOf(user), argv, env).ended;
    expect(code, output).toBe(0);
  }

  /** Everything that the course left with a learner. */
  function filesOf(learner: string): string[] {
    const entries = readdirSync(stateOf(learner), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return files.map((entry) => join(entry.parentPath, entry.name));
  }
});

function tells(file: string): boolean {
  return readFileSync(file).includes(PASSWORD);
}

function notebooks(): string[] {
  const files = readdirSync(join(ROOT, 'notebooks')).filter((name) => name.endsWith('.ipynb'));
  return files.map((name) => name.replace('.ipynb', '')).sort();
}
