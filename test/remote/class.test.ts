import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noCertificates } from '../support/certificates.ts';
import { describeAllGroups, namesOn } from '../support/kafka-tools.ts';
import { ownState } from '../support/lab.ts';
import { type Classroom, openClassroom } from './classroom.ts';
import { Learners, type Saw } from './learners.ts';

const PROCESSES = 3;
const LEARNERS = 30;
/** What Kafka's tool may take for a group, in ms: half a second where two cores have sixty members to serve. */
const A_GROUP = 4000;
const ALL = Array.from({ length: LEARNERS }, (_, n) => `learner-${n + 1}`);
const reason = noCertificates();

describe.skipIf(reason)(`a class on one Kafka${reason ? `: ${reason}` : ''}`, () => {
  const folder = ownState();
  let classroom: Classroom;
  let rows: Learners<Saw>[] = [];

  beforeAll(async () => {
    classroom = await openClassroom(folder, ALL);
  });
  afterAll(async () => {
    for (const row of rows) row.kill();
    await classroom?.kafka.stop();
  });

  test(`${LEARNERS} learners do notebook 05 at once: no name is shared, every order is processed once`, async () => {
    const idle = memoryOf(classroom.kafka.pid);
    rows = Array.from({ length: PROCESSES }, (_, row) => {
      const prefixes = ALL.filter((_, n) => n % PROCESSES === row);
      return new Learners(new URL('learner.mjs', import.meta.url), prefixes, {
        ...classroom.environment('each their own'),
        KAFKA_LAB_STATE: folder,
      });
    });
    await Promise.all(rows.map((row) => row.here()));
    const done = await Promise.all(rows.map((row) => row.work()));
    const saw = done.flatMap((row) => row.saw);
    expect(saw.map(({ split, clean }) => ({ split, clean }))).toEqual(
      saw.map(() => ({ split: { a: [0, 2], b: [1] }, clean: CLEAN })),
    );
    expect(saw.map(({ prefix }) => prefix).sort()).toEqual([...ALL].sort());

    // Everybody is still there. What Kafka itself says of them:
    const brokers = [classroom.kafka.plaintext];
    const names = await namesOn(brokers);
    const described = await describeAllGroups(brokers, LEARNERS * A_GROUP);
    expect(names.topics).toEqual(saw.map(({ names }) => names.topic).sort());
    expect(names.groups).toEqual(saw.map(({ names }) => names.group).sort());
    expect(new Set([...names.topics, ...names.groups]).size).toBe(2 * LEARNERS);
    for (const { prefix, names } of saw) {
      expect([names.topic, names.group]).toEqual([owned(prefix), owned(prefix)]);
      const partitions = described.get(names.group) ?? [];
      expect(partitions.map(({ topic, member, lag }) => [topic, member, lag])).toEqual(
        ['a', 'b', 'a'].map((member) => [names.topic, member, 0]),
      );
      expect(partitions.reduce((sum, { committed }) => sum + committed, 0)).toBe(CLEAN.processed);
    }
    const bytes = done.reduce((sum, row) => sum + row.bytes, 0);
    console.log(report(saw, { each: bytes / LEARNERS, idle, busy: memoryOf(classroom.kafka.pid) }));
    await Promise.all(rows.map((row) => row.leave()));
  });

  const owned = (prefix: string) => expect.stringMatching(new RegExp(`^${prefix}\\.`));
});

const CLEAN = { produced: 150, processed: 150, repeated: 0, missing: 0 };

/** What docs/instructors.md says of memory and time comes from here. Memory in bytes. */
function report(saw: readonly Saw[], memory: { each: number; idle: number; busy: number }): string {
  const ms = saw.map((one) => one.ms).sort((a, b) => a - b);
  const seconds = (n: number) => `${((ms[n] as number) / 1000).toFixed(1)} s`;
  const MiB = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;
  return [
    `${LEARNERS} learners in ${PROCESSES} processes, ${cpus().length} cores:`,
    `a learner took ${seconds(LEARNERS / 2)} (median), ${seconds(LEARNERS - 1)} at most, and ${MiB(memory.each)};`,
    `Kafka had ${MiB(memory.idle)} before, ${MiB(memory.busy)} with all of them.`,
  ].join(' ');
}

/** Resident, in bytes. */
function memoryOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
}
