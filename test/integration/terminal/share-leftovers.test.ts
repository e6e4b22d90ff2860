import { expect, onTestFinished, test, vi } from 'vitest';
import { setGroupConfigs } from '../../../lib/src/share-groups/index.ts';
import { KAFKA_LAB, Started } from '../../support/command.ts';
import { groupConfigs, membersOf, shareGroups } from '../../support/kafka-tools.ts';
import { Shares } from '../../support/share-groups.ts';

// Each command starts a process, as does each call of Kafka's own tools.
vi.setConfig({ testTimeout: 120_000 });
const shares = new Shares();

/** kafka-lab on the broker of this file; it ends with its test. */
function lab(line: string): Started {
  const one = new Started(process.execPath, [KAFKA_LAB, ...line.split(' ')]);
  onTestFinished(() => one.kill('SIGKILL'));
  return one;
}
const says = async (line: string) => (await lab(line).ended).output;

const SETTINGS = { 'share.auto.offset.reset': 'earliest', 'share.session.timeout.ms': '60000' };

/** A member of a group with settings. */
async function join(topic: string, group: string) {
  await setGroupConfigs(shares.kafka(), group, SETTINGS);
  const [member] = await shares.members([`member-of-${group}`], { topic, group });
  return member!;
}

test('reset deletes share groups that nobody uses, with their settings; one that has members stays', async () => {
  const topic = 'zoe.jobs.05-scaling.k3f';
  const [idle, busy] = ['zoe.idle.05-scaling.k3f', 'zoe.busy.05-scaling.k3f'];
  const bobs = 'bob.idle.05-scaling.m4g';
  await shares.topic(topic);
  for (const group of [idle, bobs]) await (await join(topic, group)).disconnect();
  const member = await join(topic, busy);

  const first = await says('reset --prefix zoe --yes');
  expect(first).toContain(`leave   group ${busy}: has members: member-of-${busy}\n`);
  expect(first).toContain(`leave   topic ${topic}: group ${busy} is reading it\n`);
  expect(first).toContain(`leave   group ${bobs}: does not begin with zoe\n`);
  expect(first).toContain(`delete  group ${idle}\n`);
  expect(first).toMatch(/Deleted 0 topics and 1 group\.\n$/);
  expect(await shareGroups(shares.brokers)).toEqual([bobs, busy]);
  expect(await groupConfigs(shares.brokers, idle)).toEqual({});
  expect(await groupConfigs(shares.brokers, busy)).toEqual(SETTINGS);

  await member.disconnect();
  expect(await says('reset --prefix zoe --yes')).toMatch(/Deleted 1 topic and 1 group\.\n$/);
  expect(await says('reset groups --yes')).toMatch(/Deleted 0 topics and 1 group\.\n$/);
  expect(await shareGroups(shares.brokers)).toEqual([]);
});

test('a member of a share group whose process is gone is told of, with its group, and mended', async () => {
  const [topic, group] = ['jobs.05-scaling.old', 'workers.05-scaling.old'];
  await shares.topic(topic);
  await setGroupConfigs(shares.kafka(), group, SETTINGS);
  const [old, own] = [group, 'own'].map((name) => lab(`consume ${topic} --share ${name}`));
  await Promise.all([old, own].map((terminal) => terminal!.says(/reads partition/)));
  old!.kill('SIGKILL');
  await old!.ended;

  const { findings, runs } = JSON.parse(await says('doctor --json'));
  const stale = `A stale member has no process any more: ${group}-1 of group ${group}.`;
  expect(findings).toContainEqual({ what: stale, fix: 'npx --no kafka-lab reset --dead' });
  expect(runs).toEqual({
    ...{ topics: [], groups: [group], ghosts: [{ group, member: `${group}-1` }] },
  });
  expect(await says('reset --dead')).toBe(
    `out     ${group}-1 of ${group}\nDeleted 0 topics and 1 group of runs that are over.\n`,
  );
  expect(await shareGroups(shares.brokers)).toEqual(['own']);
  expect(await membersOf(shares.brokers, 'own', 'share')).toHaveLength(1);
  expect(await groupConfigs(shares.brokers, group)).toEqual({});
  own!.kill('SIGINT');
  expect((await own!.ended).code).toBe(0);
  expect(JSON.parse(await says('doctor --json')).runs).toEqual({
    ...{ topics: [topic], groups: [], ghosts: [] },
  });
});
