import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  disconnectWithin,
  onAbort,
  pause,
  unlessAborted,
  withDeadline,
} from '../../lib/src/waiting.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = () => new Promise<never>(() => {});
const failed = (message: string) => () => {
  throw new Error(message);
};

/** A wait with both limits, what ends it, and what it comes to. */
const ENDINGS = {
  'what is waited for comes': { end: 'resolve', outcome: 'value' },
  'what is waited for fails': { end: 'reject', outcome: 'Error: refused' },
  'time is over': { end: 'time', outcome: 'Error: late' },
  'the signal is aborted': { end: 'abort', outcome: 'Error: aborted by hand' },
} as const;

test.each(Object.entries(ENDINGS))('%s: no timer and no listener stays', async (_, how) => {
  const { signal, ...controller } = aborting();
  let resolve = (_value: string) => {};
  let reject = (_error: Error) => {};
  const promise = new Promise<string>((...settle) => ([resolve, reject] = settle));
  const waiting = withDeadline(promise, {
    ...{ ms: 1000, late: failed('late'), signal },
    aborted: (reason) => failed(`aborted ${reason}`)(),
  }).catch(String);
  expect([vi.getTimerCount(), listeners(signal)]).toEqual([1, 1]);
  await vi.advanceTimersByTimeAsync(999);
  expect([vi.getTimerCount(), listeners(signal)]).toEqual([1, 1]);
  const ends = { resolve: () => resolve('value'), reject: () => reject(new Error('refused')) };
  if (how.end === 'abort') controller.abort('by hand');
  else if (how.end === 'time') await vi.advanceTimersByTimeAsync(1);
  else ends[how.end]();
  expect(await waiting).toBe(how.outcome);
  expect([vi.getTimerCount(), listeners(signal)]).toEqual([0, 0]);
  reject(new Error('later than anybody waits')); // would be an unhandled rejection
});

test('a deadline may have a value; so may an abort', async () => {
  const late = withDeadline(never(), { ms: 0, late: () => 'late' });
  await vi.advanceTimersByTimeAsync(1);
  expect(await late).toBe('late');
  expect(await unlessAborted(never(), AbortSignal.abort('why'), String)).toBe('why');
  expect(await unlessAborted(Promise.resolve(1), undefined, failed('aborted'))).toBe(1);
});

test('what is there already is taken, also if the signal was aborted before', async () => {
  const wait = unlessAborted(Promise.resolve('there'), AbortSignal.abort(), failed('aborted'));
  expect(await wait).toBe('there');
});

test('twelve waits on one signal are no leak', async () => {
  const warnings: unknown[] = [];
  const hear = (warning: Error) => void warnings.push(warning.message);
  process.on('warning', hear);
  const { signal, ...controller } = aborting();
  const waits = Array.from({ length: 12 }, () => unlessAborted(never(), signal, () => 'aborted'));
  controller.abort();
  expect(new Set(await Promise.all(waits))).toEqual(new Set(['aborted']));
  expect(listeners(signal)).toBe(0);
  vi.useRealTimers();
  await new Promise((next) => setImmediate(next));
  process.off('warning', hear);
  expect(warnings).toEqual([]);
});

test('onAbort acts once, at once if it is late, and not when taken back', () => {
  const { signal, ...controller } = aborting();
  const acted: string[] = [];
  onAbort(signal, () => acted.push('in time'));
  onAbort(signal, () => acted.push('taken back'))();
  controller.abort();
  onAbort(signal, () => acted.push('late'));
  expect(acted).toEqual(['in time', 'late']);
});

test('a client that does not disconnect is waited for 1.5 s, one that refuses is no failure', async () => {
  await disconnectWithin({ disconnect: async () => {} });
  await disconnectWithin({ disconnect: () => Promise.reject(new Error('gone')) });
  expect(vi.getTimerCount()).toBe(0);
  let over = false;
  const waiting = disconnectWithin({ disconnect: never }).then(() => (over = true));
  await vi.advanceTimersByTimeAsync(1499);
  expect(over).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await waiting;
  expect(vi.getTimerCount()).toBe(0);
});

test('only a clock that is asked to keeps the process alive', async () => {
  vi.useRealTimers();
  const { signal, ...controller } = aborting();
  const late = () => undefined;
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const before = timers();
  const waits = [
    withDeadline(unlessAborted(never(), signal, late), { ms: 9999, late, ref: false }),
  ];
  waits.push(
    disconnectWithin({ disconnect: () => unlessAborted(never(), signal, late) }).then(late),
  );
  expect(timers()).toBe(before);
  waits.push(withDeadline(unlessAborted(never(), signal, late), { ms: 9999, late }));
  expect(timers()).toBe(before + 1);
  controller.abort();
  await Promise.all(waits);
  expect(timers()).toBe(before);
});

test('a pause ends early when its signal is aborted', async () => {
  vi.useRealTimers();
  const { signal, ...controller } = aborting();
  const paused = pause(2 ** 30, signal);
  controller.abort();
  await paused;
  await pause(2 ** 30, signal);
  expect(listeners(signal)).toBe(0);
});

function aborting() {
  const controller = new AbortController();
  const abort = (reason?: unknown) => controller.abort(reason);
  return { signal: controller.signal, abort };
}

function listeners(signal: AbortSignal): number {
  return getEventListeners(signal, 'abort').length;
}
