import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rewinds } from '../../../lib/src/ledger/index.ts';
import { at, History } from '../../support/history.ts';

const commits = fc.array(
  fc.record({ partition: fc.nat(2), offset: fc.integer({ min: -1, max: 9 }) }),
);

test('a bookmark is moved back where a commit is smaller than the one before it in its partition', () => {
  fc.assert(
    fc.property(commits, (all) => {
      const history = new History();
      for (const [i, { partition, offset }] of all.entries())
        history.commit(i, `member-${i}`, partition, offset);
      const meant = all.flatMap(({ partition, offset: to }, i) => {
        const from = all.slice(0, i).findLast((of) => of.partition === partition)?.offset ?? -1;
        const move = { partition, from, to, time: at(i), member: `member-${i}` };
        return to >= 0 && to < from ? [move] : [];
      });
      expect(rewinds(history.ledger, history.group, history.topic)).toEqual(meant);
    }),
  );
});

test('a bookmark that was taken away was not moved back, nor is the next one', () => {
  const { ledger, group, topic } = new History()
    .commit(0, 'a', 0, 8)
    .commit(1, 'admin', 0, -1)
    .commit(2, 'a', 0, 3);
  expect(rewinds(ledger, group, topic)).toEqual([]);
});
