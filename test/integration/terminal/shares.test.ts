import { afterEach, expect, test, vi } from 'vitest';
import { KAFKA_LAB, Started } from '../../support/command.ts';
import { membersOf, shareGroupOffsets, shareGroupState } from '../../support/kafka-tools.ts';
import { Shares } from '../../support/share-groups.ts';

// Each command starts a process, as does each call of Kafka's own tools.
vi.setConfig({ testTimeout: 120_000 });
const shares = new Shares();
const started: Started[] = [];
afterEach(() => {
  for (const one of started.splice(0)) one.kill('SIGKILL');
});

/** kafka-lab on the broker of this file, its output in a pipe. */
function lab(line: string): Started {
  const one = new Started(process.execPath, [KAFKA_LAB, ...line.split(' ')]);
  started.push(one);
  return one;
}

const records = ({ output }: Started) =>
  output
    .split('\n')
    .filter((line) => line.startsWith('{"type":"record"'))
    .map((line) => JSON.parse(line));
const numbered = (count: number) => Array.from({ length: count }, (_, n) => `job ${n}`);

test('two terminals share one partition; Ctrl-C leaves nothing behind, and Kafka’s own tool says so', async () => {
  const { topic } = await shares.jobs([]);
  const group = `${topic}-shared`;
  const both = [1, 2].map(() => lab(`consume ${topic} --share ${group} --json`));
  await Promise.all(both.map((one) => one.says(/"type":"assigned".*"partitions":\[0\]/)));
  const names = both.map(({ output }) => /"member":"([^"]+)"/.exec(output)?.[1]);
  expect(names.toSorted()).toEqual([`${group}-1`, `${group}-2`]);
  await shares.produce(topic, numbered(40));
  const all = () => both.flatMap(records);
  await shares.until(() => all().length >= 40, 'all records', 30_000);
  expect(
    all()
      .map(({ offset }) => offset)
      .toSorted((a, b) => a - b),
  ).toEqual(numbered(40).map((_, n) => n));
  expect(all()[0]).toMatchObject({ group, topic, partition: 0, key: null, deliveryCount: 1 });
  expect(both.every((one) => records(one).length > 0)).toBe(true);
  const lag = async () => (await shareGroupOffsets(shares.brokers, group))[0]?.lag;
  await shares.until(async () => (await lag()) === 0, 'nothing to be left', 20_000);

  const shown = await lab(`groups ${group} --json`).ended;
  const state = JSON.parse(shown.output);
  expect(state).toMatchObject({ type: 'share', state: 'Stable' });
  expect(state.members).toHaveLength((await membersOf(shares.brokers, group, 'share')).length);
  expect(state.partitions).toMatchObject([{ topic, partition: 0, end: 40, lag: 0 }]);
  expect(state.partitions[0].member.split(', ').toSorted()).toEqual(names.toSorted());
  const people = await lab(`groups ${group}`).ended;
  expect(people.output).toContain(`${group}: share group, Stable, 2 members, lag 0`);

  for (const one of both) one.kill('SIGINT');
  const ends = await Promise.all(both.map(({ ended }) => ended));
  expect(ends.map(({ code }) => code)).toEqual([0, 0]);
  for (const { output } of ends) expect(output).toMatch(/"type":"left".*"records":\d+/);
  expect(await shareGroupState(shares.brokers, group)).toEqual({ state: 'Empty', members: 0 });
});

test('--count ends it, what comes after is somebody else’s; what was released says how often it came', async () => {
  const configs = { 'share.record.lock.duration.ms': '5000' };
  const { topic, group } = await shares.jobs(numbered(5), { configs });
  const options = { topic, group, maxRecords: 5 };
  await shares.members(['a'], options, async ({ message, acknowledge }) => {
    if (message.offset === '0') await acknowledge('release');
    else await new Promise(() => {}); // until its lock has run out
  });
  await shares.until(() => shares.deliveries.length === 2, 'one to be released');
  const one = await lab(`consume ${topic} --share ${group} --count 1`).ended;
  expect(one.code).toBe(0);
  expect(one.output).toMatch(/partition 0 {2}offset 0 .*job 0 {2}delivery 2\n/);
  expect(one.output).toContain(`has left group ${group} after 1 record.`);
});

test('what cannot be is said, with a code', async () => {
  const both = await lab('consume orders --group a --share b').ended;
  expect([both.code, both.output]).toEqual([2, expect.stringContaining('exclude each other')]);
  const none = await lab('consume not-there --share b').ended;
  expect([none.code, none.output]).toEqual([1, expect.stringContaining('not-there')]);
});
