import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { steadily } from '../../../lib/src/lab/resources/stream.ts';
import { recordingHost } from '../../support/lab.ts';

let host: ReturnType<typeof recordingHost>;
beforeEach(() => {
  host = recordingHost();
});

test('steps that answer late do not slow the stream down, and never are too many at once', async () => {
  const MOST = 64;
  const seen: number[] = [];
  let underWay = 0;
  let most = 0;
  let answer = () => {};
  // Nobody answers until as many as may be are under way at once: fewer would wait for ever.
  const answered = new Promise<void>((resolve) => (answer = resolve));
  await steadily({ perSecond: 10_000, count: 200 }, async (n) => {
    seen.push(n);
    most = Math.max(most, ++underWay);
    if (underWay === MOST) answer();
    await answered;
    underWay--;
  }).done;
  expect(seen).toEqual([...Array(200).keys()]);
  expect(most).toBe(MOST);
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
  let third = () => {};
  const untilThird = new Promise<void>((resolve) => (third = resolve));
  const stream = steadily({ perSecond: 100, count: 1000 }, async () => {
    if (++begun === 3) third();
    await sleep(20);
    answered++;
  });
  await untilThird;
  await stream.stop();
  const atStop = begun;
  expect(answered).toBe(atStop);
  expect(atStop).toBeLessThan(1000);
  await sleep(50); // in which five more would have come
  expect(begun).toBe(atStop);
});
