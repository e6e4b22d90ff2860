import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AlarmLimits, alarms, lagOverTime } from '../../../lib/src/ledger/index.ts';
import { at, History } from '../../support/history.ts';

/** Partition 1 stands from its first record on, from second 1; partition 0 gets one a second and is committed at once. */
function standing(seconds = 10): History {
  const history = new History();
  for (let n = 0; n < seconds; n++) {
    history.record(1 + n, 'produced', 'shop', 0, n).record(1 + n, 'produced', 'shop', 1, n);
    history.commit(1.1 + n, 'a', 0, n + 1);
  }
  return history;
}

function off({ ledger, group, topic }: History, limits: AlarmLimits, options = {}) {
  const found = alarms(ledger, group, topic, { limits, ...options });
  const since = (time: number) => Math.round(time - at(0)) / 1000;
  return Object.fromEntries(
    found.map(({ alarm, spans }) => [alarm, spans.map(({ from, to }) => [since(from), since(to)])]),
  );
}

test('a partition that stands: its age comes first, then its lag; what adds up sees nothing', () => {
  const limits = { sum: 100, largest: 5, age: 2, silence: 3 };
  expect(off(standing(), limits)).toEqual({
    sum: [],
    largest: [[5, 10.1]],
    age: [[3, 10.1]],
    silence: [],
  });
  const { ledger, group, topic } = standing();
  const found = alarms(ledger, group, topic, { limits });
  expect(found.map(({ alarm, peak }) => [alarm, Math.round(peak * 10) / 10])).toEqual([
    ['sum', 11],
    ['largest', 10],
    ['age', 9.1],
    ['silence', 1],
  ]);
});

test('a rush that is read sets off what counts records, and ends', () => {
  const history = new History();
  for (let n = 0; n < 12; n++) history.record(1, 'produced', 'shop', n % 2, Math.floor(n / 2));
  history.commit(1.5, 'a', 0, 6).commit(1.8, 'a', 1, 6).record(5, 'produced', 'shop', 0, 6);
  expect(off(history, { sum: 10, largest: 6, age: 1, silence: 1 })).toEqual({
    sum: [[1, 1.5]],
    largest: [[1, 1.8]],
    age: [],
    silence: [],
  });
  // A limit of 0 is reached as soon as a record waits, and by nothing else.
  expect(off(history, { age: 0, silence: 0 })).toEqual({ age: [[1, 1.8]], silence: [[1, 1.8]] });
});

test('a group that is gone: no commit, and an age that grows though nothing happens', () => {
  const history = new History().record(1, 'produced', 'shop', 0, 0).commit(1, 'a', 0, 1);
  history.record(2, 'produced', 'shop', 0, 1);
  const options = { to: at(20) };
  expect(off(history, { age: 5, silence: 6 }, options)).toEqual({
    age: [[7, 20]],
    silence: [[8, 20]],
  });
  expect(off(history, { age: 5, silence: 6 })).toEqual({ age: [], silence: [] });
  expect(off(history, { age: 5 }, { to: at(10) })).toEqual({ age: [[7, 10]] });
  expect(off(standing(), { age: 2, largest: 5 }, { to: at(4) })).toEqual({
    age: [[3, 4]],
    largest: [],
  });
  expect(off(history, { age: 5 }, { ...options, from: at(9) })).toEqual({ age: [[9, 20]] });
});

test('an alarm is on when its value has reached its limit, and never else', () => {
  const step = fc.record({
    partition: fc.nat(2),
    commits: fc.boolean(),
    after: fc.integer({ min: 1, max: 500 }),
  });
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 5, maxLength: 60 }),
      fc.integer({ min: 1, max: 9 }),
      (steps, sum) => {
        const history = new History();
        const ends = [0, 0, 0];
        let time = 0;
        for (const { partition, commits, after } of steps) {
          time += after / 1000;
          const end = ends[partition] as number;
          if (commits && end > 0) history.commit(time, 'a', partition, end);
          else history.record(time, 'produced', 'shop', partition, ends[partition]!++);
        }
        const { ledger, group, topic } = history;
        const [alarm] = alarms(ledger, group, topic, { limits: { sum } });
        const points = lagOverTime(ledger, group, topic);
        expect(alarm?.peak).toBe(Math.max(...points.map(({ lag }) => lag)));
        for (const { time, lag } of points) {
          // At the end of a span both are so: it reached its limit until then.
          const isOn = alarm?.spans.some(({ from, to }) => from <= time && time < to) ?? false;
          if (time < (points.at(-1)?.time ?? 0)) expect(isOn).toBe(lag >= sum);
        }
      },
    ),
  );
});
