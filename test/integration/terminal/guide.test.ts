import { afterAll, expect, test, vi } from 'vitest';
import { brokerStatus, stopBroker } from '../../../lib/src/broker/index.ts';
import { quick } from '../../../lib/src/lab/settings.ts';
import { describeGroup, endOffsets } from '../../support/kafka-tools.ts';
import { ownState } from '../../support/lab.ts';
import { type TerminalOptions, terminalsForEachTest } from '../../support/terminal.ts';

// Its longest test starts the command eight times.
vi.setConfig({ testTimeout: 120_000 });
// The guide of the README, in its order, as a person would follow it: one test is the state of the next.
ownState();
afterAll(() => stopBroker());

const terminal = terminalsForEachTest();

/** Runs to its end. */
async function command(line: string, options?: TerminalOptions) {
  const started = terminal(line, options);
  return { code: await started.ended, text: started.text };
}

async function brokers(): Promise<string[]> {
  const status = await brokerStatus();
  if (!status.running) throw new Error('No Kafka runs');
  return status.brokers;
}

const RECORDS = 60;
const RECORD = /^partition (\d) {2}offset (\d+) +(\S+) {2}(\{.*\})$/gm;

/** The records that a terminal shows, as partition:offset, sorted. */
function places(text: string): string[] {
  return [...text.matchAll(RECORD)].map(([, partition, offset]) => `${partition}:${offset}`).sort();
}

test('the topic is created once, and is there for every command after', async () => {
  expect(await command('topic orders --partitions 3', { npx: true })).toEqual({
    code: 0,
    text: expect.stringContaining('Created topic orders with 3 partitions.\n'),
  });
  const again = await command('topic orders --partitions 3');
  expect(again).toEqual({ code: 0, text: 'Topic orders is already there with 3 partitions.\n' });
});

test('the producer says where each order went, and Kafka has just these', async () => {
  const { code, text } = await command(`produce orders --rate 200 --count ${RECORDS}`);
  expect(code).toBe(0);
  expect(text).toMatch(new RegExp(`\nProduced ${RECORDS} records to orders in [\\d.]+ s\\.\n$`));
  const ends = await endOffsets(await brokers(), 'orders');
  const all = Object.entries(ends).flatMap(([p, end]) =>
    [...Array(end).keys()].map((offset) => `${p}:${offset}`),
  );
  expect(all).toHaveLength(RECORDS);
  expect(places(text)).toEqual(all.sort());
  const next = [0, 0, 0];
  for (const [i, [, partition, offset, key, value]] of [...text.matchAll(RECORD)].entries()) {
    expect(JSON.parse(value!)).toMatchObject({ id: `o-${i + 1}`, customer: key });
    expect(Number(offset)).toBe(next[Number(partition)]!++);
  }
  expect((await command('topic')).text).toMatch(/topic +partitions +offsets\norders +3 +60\n$/);
});

test('two consumers share three partitions; Ctrl-C gives them back at once', async () => {
  const one = terminal('consume orders --group shipping', { npx: true });
  await one.shows(/shipping-1 owns partitions 0, 1, 2\n/);
  await expect.poll(() => places(one.text).length).toBe(RECORDS);

  const two = terminal('consume orders --group shipping', { npx: true });
  await two.shows(/shipping-2 owns partition 1\n/);
  await one.shows(/shipping-1 owns partitions 0, 2\n/);

  const { code } = await command(`produce orders --rate 200 --count ${RECORDS} --seed 2`);
  expect(code).toBe(0);
  await expect.poll(() => places(one.text + two.text).length).toBe(2 * RECORDS);
  expect(new Set(places(two.text).map((place) => place[0]))).toEqual(new Set(['1']));
  expect(new Set(places(one.text + two.text)).size).toBe(2 * RECORDS);

  const began = performance.now();
  const ended = two.interrupt();
  await expect
    .poll(() => one.text.slice(-40), { interval: 20 })
    .toMatch(/owns partitions 0, 1, 2\n$/);
  // A member that only vanishes is missed after its session.
  expect(performance.now() - began).toBeLessThan(quick.sessionTimeout);
  // The shell that npx starts may say that it was interrupted, too; what it ran ended in order.
  expect([0, 130]).toContain(await ended);
  expect(two.text).toMatch(/shipping-2 has left group shipping after \d+ records\.\n$/);
  await one.interrupt();
});

test('another group gets everything from the beginning, a known one nothing again', async () => {
  const billing = terminal('consume orders --group billing');
  await expect.poll(() => places(billing.text).length).toBe(2 * RECORDS);
  expect(new Set(places(billing.text)).size).toBe(2 * RECORDS);

  const shipping = terminal('consume orders --group shipping');
  await shipping.shows(/shipping-1 owns partitions 0, 1, 2\n/);
  await command('produce orders --count 1');
  await shipping.shows(/\npartition/);
  expect(places(shipping.text)).toHaveLength(1);
  expect(await shipping.interrupt()).toBe(0);
});

test('groups says what Kafka’s own tool says', async () => {
  const one = terminal('consume orders --group shipping');
  await one.shows(/shipping-1 owns partitions 0, 1, 2\n/);
  const two = terminal('consume orders --group shipping');
  await one.shows(/shipping-1 owns partitions 0, 2\n/);
  await command('produce orders --rate 100 --count 20 --seed 3');
  await expect.poll(() => places(one.text + two.text).length).toBe(20);

  const [ours, theirs] = await Promise.all([
    command('groups shipping --json'),
    describeGroup(await brokers(), 'shipping'),
  ]);
  const { state, members, partitions } = JSON.parse(ours.text);
  expect(state).toBe('Stable');
  expect(members.map(({ member }: any) => member)).toEqual(['shipping-1', 'shipping-2']);
  expect(partitions).toEqual(theirs.map((row) => ({ ...row, stable: row.end })));
  const table = (await command('groups')).text;
  for (const { partition, committed, end, lag, member } of theirs) {
    expect(table).toMatch(
      new RegExp(`orders +${partition} +${committed} +${end} +${lag} +${member}`),
    );
  }
});

test('reset asks, leaves what is in use, and deletes the rest', async () => {
  const reader = terminal('consume orders --group shipping');
  await reader.shows(/owns partitions/);
  await command('topic unused --partitions 1');
  const no = terminal('reset topics groups');
  await no.shows(/^delete {2}topic unused\ndelete {2}group billing\n.*\(y\/N\) $/ms);
  expect(no.text).toContain('leave   group shipping: has members: shipping-1\n');
  expect(no.text).toContain('leave   topic orders: group shipping is reading it\n');
  no.type('\r');
  expect(await no.ended).toBe(0);
  expect(no.text).toContain('Nothing was changed.');

  const stopped = terminal('reset topics groups');
  await stopped.shows(/\(y\/N\) $/);
  expect(await stopped.interrupt()).toBe(130);
  expect((await command('topic')).text).toContain('unused');

  await reader.interrupt();
  const yes = terminal('reset topics groups');
  await yes.shows(/\(y\/N\) $/);
  yes.type('y\r');
  expect(await yes.ended).toBe(0);
  expect(yes.text).toContain('Deleted 2 topics and 2 groups.');
  expect((await command('topic')).text).toMatch(/^No topic yet\./);
  expect((await command('groups')).text).toBe('No group yet.\n');
});
