import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { megabytes } from '../../bench/processes.mjs';
import { CHROMIUM, hasChromium, launchChromium } from '../browser/chromium.ts';
import { type Classroom, openClassroom } from '../remote/classroom.ts';
import { noCertificates } from '../support/certificates.ts';
import { ROOT, waitUntil } from '../support/command.ts';
import { endAll } from '../support/ending.ts';
import { namesOn } from '../support/kafka-tools.ts';
import { ENDING, endHub, type Hub, startHub } from './hub.ts';
import { Learner } from './learner.ts';
import { publish, trusting } from './teacher.ts';
import { makeUsers, processesBy, removeUsers, type SystemUser, withoutUsers } from './users.ts';

const reason = withoutUsers ?? (hasChromium ? noCertificates() : `no Chromium at ${CHROMIUM}`);
const LESSON = '05-scaling';

describe.skipIf(reason)(`a JupyterHub${reason ? `: ${reason}` : ''}`, () => {
  const lab = inject('installation');
  let folder = '';
  let users: SystemUser[] = [];
  let classroom: Classroom;
  let hub: Hub;
  let browser: Browser;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kafka-lab-hub-'));
    const secret = join(folder, 'secret');
    mkdirSync(secret, { mode: 0o700 });
    chmodSync(folder, 0o755);
    users = makeUsers(folder, ['ann', 'ben']);
    const names = users.map(({ name }) => name);
    classroom = await openClassroom(secret, names);
    const { KAFKA_SSL_CA: ca = '', ...kafka } = classroom.environment('each their own');
    const authority = join(folder, 'ca.pem');
    copyFileSync(ca, authority);
    const notebooks = publish(join(lab, 'notebooks'), folder);
    const env = { ...kafka, ...notebooks, ...trusting(folder), KAFKA_SSL_CA: authority };
    hub = await startHub({ lab, folder: secret, users: names, env });
    browser = await launchChromium();
    mkdirSync(join(ROOT, 'build', 'screenshots'), { recursive: true });
  });
  afterAll(() =>
    endAll({
      browser: () => browser?.close(),
      hub: () => endHub(lab),
      Kafka: () => classroom?.kafka.stop(),
      users: removeUsers,
      folder: () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }),
    }),
  );

  test('two learners log in, run 05 side by side, see their own names alone, and log out', async () => {
    const learners = await Promise.all(
      users.map((user) => Learner.logIn(browser, hub, user, LESSON)),
    );
    const executed = await Promise.all(learners.map((learner) => learner.run(LESSON)));
    const failed = executed
      .flat()
      .flatMap(({ id, outputs }) =>
        outputs.filter((one) => one.output_type === 'error').map(({ evalue }) => [id, evalue]),
      );
    expect(failed).toEqual([]);
    for (const learner of learners) await learner.screenshot(`hub-${learner.user.name}`);
    console.log(users.map(memoryOf).join('\n'));
    const { topics, groups } = await namesOn([classroom.kafka.plaintext]);
    const owners = [...topics, ...groups].map((name) => name.split('.')[0]);
    expect([...new Set(owners)].sort()).toEqual(users.map(({ name }) => name).sort());

    for (const learner of learners) {
      const { name } = learner.user;
      const others = users.map((user) => user.name).filter((other) => other !== name);
      const said = await learner.inTerminal(
        ['groups', 'topic', 'doctor'].map((command) => `npx --no kafka-lab ${command}`),
      );
      expect(said[0]).toContain(`${name}.shipping.${LESSON}.`);
      expect(said[1]).toContain(`${name}.orders.${LESSON}.`);
      expect(said[2]).toMatch(/kernel of 05-scaling\.ipynb, idle\n[\s\S]*Leftovers +none\n/);
      for (const text of said) for (const other of others) expect(text).not.toContain(other);
    }
    await Promise.all(learners.map((learner) => learner.logOut()));
    const left = () => users.flatMap(({ uid }) => processesBy(uid));
    await waitUntil(() => left().length === 0, 'the learners’ processes to end', ENDING).catch(
      (error) => {
        throw new Error(`${error.message} Left: ${JSON.stringify(left())}\n${hub.process.output}`);
      },
    );
    await endHub(lab);
  });
});

/** What a user's processes take, by what they are; memory that several share counts in parts. */
function memoryOf({ name, uid }: SystemUser): string {
  const parts = processesBy(uid).map(({ pid, command }) => {
    return `${command.split(' ').slice(0, 5).join(' ').slice(-60)}: ${Math.round(megabytes(pid))} MiB`;
  });
  return [`${name}, 05 done:`, ...parts].join('\n  ');
}
