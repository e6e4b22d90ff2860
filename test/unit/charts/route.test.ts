import { expect, test } from 'vitest';
import { stepsOf } from '../../../lib/src/charts/route/steps.ts';
import { Ledger } from '../../../lib/src/ledger/index.ts';
import { History } from '../../support/history.ts';

test('a copy that is read before its producer is told has been passed on by its reader all the same', () => {
  const ledger = new Ledger();
  const [orders, retry, dead] = ['orders', 'retry', 'dead-letters'].map(
    (name) => new History(`${name}-readers`, name, ledger),
  ) as [History, History, History];
  const [begins, ends] = ['delivered', 'processed'] as const;
  orders.record(0, 'produced', 'shop', 0, 0, 'bob').record(1, begins, 'a', 0, 0, 'bob');
  // Each time the answer to the producer is later than the delivery to the next reader.
  retry.record(2, begins, 'b', 0, 0, 'bob').record(2.1, 'produced', 'shop', 0, 0, 'bob');
  orders.record(2.2, ends, 'a', 0, 0, 'bob');
  retry.record(3.1, 'produced', 'shop', 0, 1, 'bob').record(3.2, ends, 'b', 0, 0, 'bob');
  retry.record(3.3, begins, 'b', 0, 1, 'bob');
  dead.record(4, begins, 'c', 0, 0, 'bob').record(4.1, 'produced', 'shop', 0, 0, 'bob');
  retry.record(4.2, ends, 'b', 0, 1, 'bob');
  dead.record(4.3, ends, 'c', 0, 0, 'bob');
  const all = [orders, retry, dead];
  const steps = stepsOf(ledger, {
    topics: all.map(({ topic }) => topic),
    groups: all.map(({ group }) => group),
    key: 'bob',
  });
  expect(
    steps.map(({ topic, offset, state, copy }) => [topic, offset, state, copy?.topic]),
  ).toEqual([
    ['orders', 0, 'passed on', 'retry'],
    ['retry', 0, 'passed on', 'retry'],
    ['retry', 1, 'passed on', 'dead-letters'],
    ['dead-letters', 0, 'processed', undefined],
  ]);
});
