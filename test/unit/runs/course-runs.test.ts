import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { leaderless, partitionsByKey } from '../../../lib/src/ledger/index.ts';
import { subjectsOf } from '../../../lib/src/pages/index.ts';
import { runPage } from '../../../lib/src/pages/run-page.ts';
import { chartsOf } from '../../support/all-charts.ts';
import { ROOT } from '../../support/command.ts';
import { courseRuns, range, runOf, Told } from '../../support/course-runs.ts';

const PROMISES: Record<string, [claim: string, observe: (of: Told) => unknown, expected: unknown]> =
  {
    '00-start-here': [
      'the reader has read all ten',
      (of) => of.processed('readers', 'greetings'),
      10,
    ],
    '01-queue-and-log': [
      'both groups have read all twelve',
      (of) => ['first', 'second'].map((group) => of.processed(group, 'orders')),
      [12, 12],
    ],
    '02-the-log': ['a reader began at offset 15', (of) => of.order('place'), { 0: range(15, 19) }],
    '03-partitions-and-keys': [
      'each parcel is in one partition',
      ({ ledger, name }) =>
        new Set(Object.values(partitionsByKey(ledger, name('tracking'))).map((all) => all.length)),
      new Set([1]),
    ],
    '04-groups-and-offsets': [
      'each order was packed once, two letters were filed twice',
      (of) => [of.repeated('packing', 'orders').length, of.repeated('filing', 'letters').length],
      [0, 2],
    ],
    '05-scaling': [
      'a has all three partitions, and then the split is 2 + 1',
      (of) => of.shares('shipping', 'b'),
      [[3], [2, 1]],
    ],
    '06-fan-out': [
      'each group has read all',
      (of) => ['billing', 'shipping', 'analytics', 'fraud'].map((g) => of.processed(g, 'orders')),
      [42, 42, 42, 42],
    ],
    '07-limits-of-scaling': [
      'a fourth partition is for the one of three that is first',
      (of) => of.owners('shipping'),
      { a: [0, 3], c: [1], d: [2] },
    ],
    '08-email-outage': [
      'ten receipts were skipped, no mail was',
      (of) => [of.skipped('archive', 'receipts'), of.skipped('email', 'orders')],
      [range(5, 14), []],
    ],
    '09-black-friday': [
      'six partitions are split 3 + 3, three 2 + 1',
      (of) => ['six', 'three'].map((group) => Object.values(of.owners(group)).map((p) => p.length)),
      [
        [3, 3],
        [2, 1],
      ],
    ],
    '10-replay': [
      'the group has gone back, and skipped nothing',
      (of) => [of.repeated('pricing', 'orders').length, of.tally('pricing', 'orders').missing],
      [12, []],
    ],
    '11-delivery-guarantees': [
      'who commits after work repeats 5 and 6; who commits before skips 6 to 9',
      (of) => [
        of.repeated('billing-process-5', 'orders'),
        of.skipped('billing-commit-5', 'orders'),
      ],
      [[5, 6], range(6, 9)],
    ],
    '12-transactions': [
      'in the log are 25 invoices, of which 20 are committed',
      (of) => ['auditor-4', 'auditor-3'].map((group) => of.processed(group, 'at-once')),
      [25, 20],
    ],
    '13-poison-messages': [
      'one of three that were tried again is a dead letter',
      (of) => [of.processed('retry', 'retry'), of.processed('clerk', 'dead-letters')],
      [3, 1],
    ],
    '14-compaction': [
      'who came late has not been given all, who was there has',
      (of) => ['always', 'late'].map((group) => of.processed(group, 'profiles') === 21),
      [true, false],
    ],
    '15-rebalancing': [
      'the first five payments were charged twice',
      (of) => of.repeated('tills', 'payments').length,
      5,
    ],
    '16-replication': [
      'nobody led for a second and more, and then somebody did',
      ({ ledger, name }) =>
        leaderless(ledger, name('orders')).some(({ from, to = NaN }) => to - from > 1000),
      true,
    ],
    '17-queues-on-kafka': [
      'the poison was released five times',
      (of) =>
        range(0, 11)
          .map((offset) => of.ends('workers', 'shared', offset))
          .filter((ends) => ends.length === 5),
      [range(1, 5).map((n) => `released ${n}`)],
    ],
    '18-watching-lag': [
      'the lag of the rush was 60 at most, and is 0',
      (of) => of.lags('ordinary', 'ordinary'),
      [60, 0],
    ],
    '19-throughput': [
      'six calls at once leave each partition in its order',
      (of) => of.order('concurrent'),
      Object.fromEntries(range(0, 5).map((partition) => [partition, range(0, 39)])),
    ],
    '20-capstone': [
      'a pipeline that was killed got orders again, one that was not got none',
      (of) =>
        ['calm', 'killed'].map((day) => {
          const { repeated, missing } = of.tally(day, `${day}-orders`);
          return [repeated.length > 0, missing.length];
        }),
      [
        [false, 0],
        [true, 0],
      ],
    ],
  };

test('there is a run of each lesson, and what it promises', () => {
  const lessons = readdirSync(join(ROOT, 'notebooks'))
    .filter((file) => /^\d.*\.ipynb$/.test(file))
    .map((file) => file.replace('.ipynb', ''));
  expect(courseRuns).toEqual(lessons);
  expect(Object.keys(PROMISES)).toEqual(lessons);
});

test.each(Object.entries(PROMISES))('%s', (lesson, [claim, observe, expected]) => {
  expect(observe(new Told(runOf(lesson), lesson)), claim).toEqual(expected);
});

test.each(courseRuns)(
  '%s: every chart is drawn of its topics and groups',
  async (lesson) => {
    const ledger = runOf(lesson);
    const subjects = subjectsOf(ledger);
    expect(subjects).not.toEqual([]);
    for (const subject of subjects)
      for (const { text } of Object.values(chartsOf(ledger, subject)))
        expect(text).not.toMatch(/NaN|undefined|Infinity|\.run\b/);
    const page = await runPage(ledger, { title: lesson, subjects: subjects.slice(0, 1) });
    expect(page.match(/<svg /g)).toHaveLength(4);
  },
  60_000,
);
