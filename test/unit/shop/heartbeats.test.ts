import type { Consumer, EachBatchPayload } from 'kafkajs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withHeartbeats } from '../../../lib/src/shop/heartbeats.ts';
import { inParts } from '../../../lib/src/shop/in-parts.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Work that takes a little longer than four heartbeats. */
const slowly = () => new Promise<void>((resolve) => setTimeout(resolve, 1100));

test('heartbeats are sent for as long as the work takes, whatever the broker answers', async () => {
  const heartbeat = vi.fn(async () => {
    throw new Error('The group is rebalancing');
  });
  const work = withHeartbeats(heartbeat, () => slowly().then(() => 'done'));
  await vi.advanceTimersByTimeAsync(1100);
  expect(await work).toBe('done');
  expect(heartbeat).toHaveBeenCalledTimes(4);
  expect(vi.getTimerCount()).toBe(0);
});

test('work that fails ends them, too', async () => {
  const failure = withHeartbeats(vi.fn(), () => Promise.reject(new Error('paper jam')));
  await expect(failure).rejects.toThrow('paper jam');
  expect(vi.getTimerCount()).toBe(0);
});

test('a service that stands between two steps sends none: the group has to go on without it', async () => {
  const heartbeat = vi.fn(async () => {});
  const { eachBatch } = inParts(
    { commitOffsets: async () => {} } as unknown as Consumer,
    { first: 'process', every: 1 },
    { work: slowly, between: () => new Promise(() => {}) },
  );
  const batch = { topic: 'orders', partition: 0, messages: [{ offset: '0' }] };
  void eachBatch?.({ batch, heartbeat, resolveOffset: () => {} } as unknown as EachBatchPayload);
  await vi.advanceTimersByTimeAsync(1100);
  expect(heartbeat).toHaveBeenCalledTimes(4);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(heartbeat).toHaveBeenCalledTimes(4);
});
