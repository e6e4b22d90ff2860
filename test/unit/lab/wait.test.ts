import { expect, test } from 'vitest';
import { until } from '../../../lib/src/lab/waiting/wait.ts';
import { Ledger } from '../../../lib/src/ledger/index.ts';

const joined = (n: number) =>
  ({ kind: 'joined', time: n, group: 'shipping', member: `m${n}`, generation: n }) as const;

test('of facts that come together a wait sees the last, and not what was so in between', async () => {
  const ledger = new Ledger();
  let seen = 0;
  let isOver = false;
  const count = () => ledger.members({ group: 'shipping' }).length;
  const isDone = () => ++seen > 0 && count() % 4 === 3;
  const wait = until(ledger, { what: 'three members', isDone }).then(() => {
    isOver = true;
  });
  for (let n = 0; n < 4; n++) ledger.record(joined(n));
  await new Promise(setImmediate);
  expect({ isOver, seen }).toEqual({ isOver: false, seen: 2 }); // at once, and for the four

  for (let n = 4; n < 7; n++) ledger.record(joined(n));
  await wait;
  expect(count()).toBe(7);
});

test('a condition that throws fails the wait, now or later', async () => {
  const ledger = new Ledger();
  const isDone = () => {
    if (ledger.members({ group: 'shipping' }).length > 0) throw new Error('odd');
    return false;
  };
  const wait = until(ledger, { what: 'nothing', isDone });
  ledger.record(joined(0));
  await expect(wait).rejects.toThrow('odd');
  await expect(until(ledger, { what: 'nothing', isDone })).rejects.toThrow('odd');
});
