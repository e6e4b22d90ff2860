import { existsSync } from 'node:fs';
import { type EachMessageHandler, Kafka } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lab, openLab, type ServiceRecord, type Topic } from '../../../lib/src/lab/index.ts';
import { account, ownership } from '../../../lib/src/ledger/index.ts';
import { orderEvents } from '../../../lib/src/shop/order.ts';
import { describeGroup, endOffsets } from '../../support/kafka-tools.ts';
import { ownState, recordingHost } from '../../support/lab.ts';

ownState();
const host = recordingHost();
const ORDERS = 20;
let lab: Lab;
let topic: Topic;

beforeAll(async () => {
  lab = await openLab('test');
  topic = await lab.topic('orders');
  const producer = lab.watch(new Kafka({ clientId: 'shop', ...lab.connection })).producer();
  await producer.connect();
  const event = orderEvents({ seed: 11 });
  const messages = Array.from({ length: ORDERS }, (_, n) => event(n));
  await producer.send({ topic: topic.name, messages });
});
afterAll(() => lab.close());

/** Its bookmarks; none where the tool says “-”, as it does while the member that never committed is still a member. */
const committed = async (group: string) =>
  (await describeGroup(lab.connection.brokers, group))
    .map((row) => row.committed)
    .filter((offset) => !Number.isNaN(offset));
const offsets = (places: readonly { offset: number }[]) => places.map(({ offset }) => offset);
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);

test.each([
  // The seventh order is at offset 6: killed between the two things that are done with it.
  ['process', 1, 6, range(6, 7), []],
  ['process', 5, 5, range(5, 7), []],
  ['process', 20, undefined, range(0, 7), []],
  ['commit', 1, 7, [], range(6, 7)],
  ['commit', 5, 10, [], range(6, 10)],
  ['commit', 20, 20, [], range(6, 20)],
] as const)(
  '%s first, %i at a time, killed at the seventh: bookmark %s, twice %j, never %j',
  async (first, every, bookmark, twice, never) => {
    const group = lab.group(`${first}-${every}`);
    const name = `${first}-first-${every}`;
    const seen: number[] = [];
    const work = ({ offset }: ServiceRecord) => void seen.push(offset);
    const options = { group, topic, first, every, work };
    const toKill = { ...options, sessionTimeout: 1500, standsAt: 7 };
    const killed = await lab.service(name, toKill);
    await killed.standing();
    expect(existsSync(`/proc/${killed.pid}`)).toBe(true);
    await killed.crash();
    expect(seen).toEqual(range(0, first === 'process' ? 7 : 6));
    expect(await committed(group)).toEqual(bookmark === undefined ? [] : [bookmark]);

    const back = await lab.service(name, options);
    await lab.untilCommitted(group, topic);
    await lab.untilProcessed(group, topic, { records: ORDERS - never.length });
    await back.stop();
    const { repeated, skipped, processed } = account(lab.ledger, group, topic.name);
    expect([offsets(repeated), offsets(skipped)]).toEqual([twice, never]);
    expect(processed).toBe(ORDERS - never.length);
    // What the world outside has seen is what the ledger says.
    expect([...seen].sort((a, b) => a - b)).toEqual(
      [...range(0, ORDERS).filter((offset) => !never.includes(offset as never)), ...twice].sort(
        (a, b) => a - b,
      ),
    );
    expect(await committed(group)).toEqual([ORDERS]);
    expect(await endOffsets(lab.connection.brokers, topic.name)).toEqual({ 0: ORDERS });
  },
);

test('work that throws ends the service, and the cell is told the error', async () => {
  const group = lab.group('broken');
  const before = host.failures.length;
  const work = () => {
    throw new Error('the bank is closed');
  };
  const service = await lab.service('broken', { group, topic, work });
  await service.ended;
  expect(host.failures.slice(before)).toEqual([new Error('the bank is closed')]);
  expect(account(lab.ledger, group, topic.name).processed).toBe(0);
});

test('one that stands still is killed where it would be stopped', async () => {
  const group = lab.group('stands');
  const options = { group, topic, first: 'process', standsAt: 1 } as const;
  const service = await lab.service('stands', options);
  await service.standing();
  await service.stop(); // in order it could not: that wait would end in an error
  expect(lab.ledger.members({ group }).at(-1)).toMatchObject({ kind: 'crashed' });
});

test('what it cannot be told is refused by name', async () => {
  const of = { group: lab.group('refused'), topic };
  await expect(lab.service('refused', { ...of, standsAt: 7 })).rejects.toThrow(/standsAt.*first/);
  await expect(lab.service('refused', { ...of, first: 'process', every: 0 })).rejects.toThrow(
    'every: 0',
  );
  await expect(lab.service('refused', { ...of, latency: -1 })).rejects.toThrow('-1');
});

test('a member that the broker took for dead owned its partition until it joined again', async () => {
  const group = lab.group('outlasting');
  const join = async (clientId: string, eachMessage: EachMessageHandler) => {
    const kafka = lab.watch(new Kafka({ clientId, ...lab.connection }));
    const settings = { ...lab.quick, sessionTimeout: 1500 };
    const consumer = kafka.consumer({ groupId: group, ...settings });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic.name], fromBeginning: true });
    await consumer.run({ eachMessage });
    return consumer;
  };
  const joins = () =>
    lab.ledger.members({ group, member: 'first' }).filter(({ kind }) => kind === 'joined');
  let answer = () => {};
  const bank = new Promise<void>((resolve) => {
    answer = resolve;
  });
  // The partition goes to the first by name, as both are members.
  const slow = await join('first', () => bank);
  await lab.until(
    'a record to be in hand',
    () => lab.ledger.records('delivered', { group }).length > 0,
  );
  const heir = await join('heir', async () => {});
  await lab.untilCommitted(group, topic);
  answer();
  await lab.until('it to join again', () => joins().length === 2);
  await lab.untilStable(group, { members: 2 });
  const [before, ...later] = ownership(lab.ledger, group);
  expect(before).toMatchObject({ member: 'first' });
  expect(before?.to).toBeLessThanOrEqual(joins()[1]?.time ?? 0);
  expect(later.filter(({ to }) => to === undefined)).toHaveLength(1);
  for (const consumer of [slow, heir]) await consumer.disconnect();
});
