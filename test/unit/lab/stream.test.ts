import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { steadily } from '../../../lib/src/lab/resources/stream.ts';
import { recordingHost } from '../../support/lab.ts';

let host: ReturnType<typeof recordingHost>;
beforeEach(() => {
  host = recordingHost();
});

test('steps that answer late do not slow the stream down, and never are too many at once', async () => {
  let underWay = 0;
  let most = 0;
  const seen: number[] = [];
  const began = performance.now();
  await steadily({ perSecond: 200, count: 200 }, async (n) => {
    seen.push(n);
    most = Math.max(most, ++underWay);
    await sleep(500);
    underWay--;
  }).done;
  // 64 at once: three waits and a part; eight at once would take 12 s.
  expect(performance.now() - began).toBeLessThan(4000);
  expect(seen).toEqual([...Array(200).keys()]);
  expect(most).toBeGreaterThan(50);
  expect(most).toBeLessThanOrEqual(64);
});

test('it is done when its last step has answered', async () => {
  let answered = 0;
  await steadily({ perSecond: 1000, count: 5 }, async () => {
    await sleep(30);
    answered++;
  }).done;
  expect(answered).toBe(5);
});

test('a step that fails ends the stream and fails the cell', async () => {
  let steps = 0;
  const failure = new Error('no broker');
  await steadily({ perSecond: 500, count: 1000 }, async (n) => {
    steps++;
    if (n === 3) throw failure;
  }).done;
  expect(host.failures).toEqual([failure]);
  expect(steps).toBeLessThan(1000);
});

test('stopped, it makes no further step and waits for those under way', async () => {
  let answered = 0;
  let begun = 0;
  const stream = steadily({ perSecond: 100, count: 1000 }, async () => {
    begun++;
    await sleep(20);
    answered++;
  });
  await sleep(60);
  await stream.stop();
  expect(answered).toBe(begun);
  expect(begun).toBeLessThan(1000);
});
