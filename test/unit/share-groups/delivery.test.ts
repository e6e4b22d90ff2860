import { beforeEach, expect, test, vi } from 'vitest';
import type { AcquiredRecord } from '../../../lib/src/share-groups/session/acquired.ts';
import { type AcknowledgementKind, Delivery } from '../../../lib/src/share-groups/work/delivery.ts';
import type { Tell } from '../../../lib/src/share-groups/work/events.ts';
import { Handling, type HandlingOptions } from '../../../lib/src/share-groups/work/handling.ts';

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

const LOCK = 1000;

function delivery() {
  const sent: AcknowledgementKind[] = [];
  return { sent, delivery: new Delivery(LOCK, async (kind) => void sent.push(kind)) };
}

test('a record is accepted, released or rejected once, and renewed any number of times before', async () => {
  const { sent, delivery: one } = delivery();
  for (const kind of ['renew', 'renew', 'accept'] as const) void one.acknowledge(kind);
  expect(one.isSettled).toBe(true);
  for (const kind of ['renew', 'accept', 'release'] as const)
    await expect(one.acknowledge(kind)).rejects.toMatchObject({
      ...{ code: 'ALREADY_ACKNOWLEDGED', message: expect.stringContaining('by accept.') },
    });
  expect(sent).toEqual(['renew', 'renew', 'accept']);
});

test('of one record nothing is said before the last word has been taken', async () => {
  const log: string[] = [];
  const one = new Delivery(LOCK, async (kind) => {
    log.push(`${kind} sent`);
    await new Promise((resolve) => setTimeout(resolve, 10));
    log.push(`${kind} taken`);
  });
  const all = [one.acknowledge('renew'), one.acknowledge('accept')];
  await vi.advanceTimersByTimeAsync(50);
  await Promise.all(all);
  expect(log).toEqual(['renew sent', 'renew taken', 'accept sent', 'accept taken']);
});

test.each(['gap', 'nonsense'])('nobody can say %s of a record', async (kind) => {
  const { sent, delivery: one } = delivery();
  await expect(one.acknowledge(kind as AcknowledgementKind)).rejects.toMatchObject({
    code: 'BAD_INPUT',
  });
  expect([sent, one.isSettled]).toEqual([[], false]);
});

test('a lock runs out unless it is renewed, or the record is done', async () => {
  const kept = delivery().delivery;
  const renewed = delivery().delivery;
  const done = delivery().delivery;
  await vi.advanceTimersByTimeAsync(LOCK - 1);
  await Promise.all([renewed.acknowledge('renew'), done.acknowledge('accept')]);
  const expired = vi.fn();
  for (const one of [kept, renewed, done]) void one.expired.then(expired);
  await vi.advanceTimersByTimeAsync(LOCK - 1);
  expect([kept.isExpired, renewed.isExpired, done.isExpired]).toEqual([true, false, false]);
  expect(expired).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(renewed.isExpired).toBe(true);
});

function handling(options: HandlingOptions) {
  const events: string[] = [];
  const end = new AbortController();
  const tell: Tell = (event, ..._told) => void events.push(event);
  const all = new Handling(options, tell, end.signal);
  const take = (offset: number) =>
    all.take({
      ...{ record: { offset, partition: 0, deliveryCount: 1 } as AcquiredRecord, topic: 'jobs' },
      ...{ lockTimeout: LOCK, acknowledge: async (kind) => void events.push(kind) },
    });
  return { events, end, take };
}

test('one record after another is handled; one whose lock has run out meanwhile, not at all', async () => {
  const { events, take } = handling({
    eachMessage: () => vi.advanceTimersByTimeAsync(LOCK / 2).then(() => {}),
  });
  const [first, second, third] = [take(0), take(1), take(2)];
  await Promise.all([first, second, third].map(({ handle }) => handle()));
  await vi.advanceTimersByTimeAsync(0);
  expect(events.filter((event) => event === 'delivered')).toHaveLength(2);
  expect(events.filter((event) => event === 'expired').length).toBeGreaterThanOrEqual(1);
  expect(third.delivery.isExpired).toBe(true);
});

test.each([
  [true, 'returns', ['delivered', 'handled', 'accept', 'acknowledged']],
  [true, 'throws', ['delivered', 'failed', 'release', 'acknowledged']],
  [false, 'returns', ['delivered', 'handled']],
  [false, 'throws', ['delivered', 'failed']],
])('acknowledging by itself: %s; the handler %s', async (autoAcknowledge, end, expected) => {
  const eachMessage = async () => {
    if (end === 'throws') throw new Error('no');
  };
  const { events, take } = handling({ eachMessage, autoAcknowledge });
  await take(0).handle();
  await vi.advanceTimersByTimeAsync(0);
  expect(events).toEqual(['acquired', ...expected]);
});

test('what the handler has said of a record is the last word, also when it throws then', async () => {
  const { events, take } = handling({
    eachMessage: async ({ acknowledge }) => {
      await acknowledge('reject');
      throw new Error('and yet');
    },
  });
  await take(0).handle();
  expect(events).toEqual(['acquired', 'delivered', 'reject', 'acknowledged', 'failed']);
});

test('nothing more is handled once the consumer stops', async () => {
  const { events, take, end } = handling({ eachMessage: async () => {} });
  end.abort();
  const held = take(0);
  await held.handle();
  held.abandon();
  expect(events).toEqual(['acquired', 'abandoned']);
});
