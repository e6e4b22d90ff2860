import { PassThrough } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';

/** Stands in the place of the thread: what it is told, and whether it was ended. */
const threads: { orders: { id: number }[]; ended: boolean; deliver(): void }[] = [];
vi.mock('node:worker_threads', () => ({
  Worker: class extends PassThrough {
    orders: { id: number }[] = [];
    ended = false;
    constructor() {
      super();
      threads.push(this);
    }
    ref() {}
    unref() {}
    postMessage(order: { id: number }) {
      this.orders.push(order);
    }
    deliver() {
      for (const { id } of this.orders.splice(0)) this.emit('message', { id, svg: '<svg/>' });
    }
    async terminate() {
      this.ended = true;
    }
  },
}));
const { IDLE_MS, toSvg } = await import('../../../lib/src/charts/drawing/render.ts');

afterEach(() => vi.useRealTimers());

test('the thread that draws ends when no chart has come for a while, and the next chart has a new one', async () => {
  vi.useFakeTimers();
  const chart = { spec: {}, sentence: '' } as never;
  const draw = async (thread: number) => {
    const svg = toSvg(chart);
    threads[thread]!.deliver();
    expect(await svg).toBe('<svg/>');
  };
  await draw(0);
  vi.advanceTimersByTime(IDLE_MS - 1);
  await draw(0);
  vi.advanceTimersByTime(IDLE_MS - 1);
  const slow = toSvg(chart);
  vi.advanceTimersByTime(2 * IDLE_MS);
  expect(threads[0]!.ended).toBe(false);
  threads[0]!.deliver();
  await slow;
  vi.advanceTimersByTime(IDLE_MS);
  expect(threads[0]!.ended).toBe(true);
  await draw(1);
  expect(threads).toHaveLength(2);
});
