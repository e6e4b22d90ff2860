import type { Transaction } from 'kafkajs';
import { expect, test } from 'vitest';
import type { Ends } from '../../../lib/src/lab/waiting/transaction-facts.ts';
import { watchTransaction } from '../../../lib/src/lab/watch/watch-transaction.ts';
import type { Fact, Recorder } from '../../../lib/src/ledger/index.ts';

const place = { group: '' as const, member: 'shop', topic: 'notes', partition: 0 };
const pending = (offset: number): Fact => ({
  kind: 'pending',
  time: 1,
  ...place,
  offset,
  key: null,
});
const doubt: Fact = { kind: 'in doubt', time: 1, ...place, key: 'k' };

/** A transaction that has sent two records at 4 and 7, one in doubt, and moves a bookmark. */
async function begun(end: () => Promise<void> = async () => {}) {
  const facts: Fact[] = [];
  const looked: unknown[] = [];
  const ends: Ends = {
    inLogs: async (touched) => void looked.push(touched),
    inGroups: async (moved, isCommitted) => void looked.push([moved.length, isCommitted]),
  };
  let sends: Recorder | undefined;
  const inner = { commit: end, abort: end, sendOffsets: async () => {} };
  const transaction = watchTransaction(
    inner as unknown as Transaction,
    { recorder: { record: (fact) => void facts.push(fact) }, ends, member: () => 'shop' },
    (recorder) => (sends = recorder),
  );
  for (const fact of [pending(4), doubt, pending(7)]) sends?.record(fact);
  const topics = [{ topic: 'input', partitions: [{ partition: 2, offset: '9' }] }];
  await transaction.sendOffsets({ consumerGroupId: 'g', topics });
  return { transaction, facts, looked };
}

const kinds = (facts: Fact[]) => facts.map((fact) => [fact.kind, 'offset' in fact && fact.offset]);
const sent = [
  ['pending', 4],
  ['pending', 7],
];

test('committed: what it has sent counts, the bookmark is moved, what is in doubt is told; then its end is looked for', async () => {
  const { transaction, facts, looked } = await begun();
  expect(kinds(facts)).toEqual(sent);
  await transaction.commit();
  const told = [
    ['produced', 4],
    ['produced', 7],
    ['in doubt', false],
    ['committed', 9],
  ];
  expect(kinds(facts)).toEqual([...sent, ...told]);
  expect(facts.at(-1)).toMatchObject({ group: 'g', topic: 'input', partition: 2 });
  expect(looked).toEqual([[{ topic: 'notes', partition: 0, first: 7, last: 7 }], [1, true]]);
});

test('aborted: it counts for nothing, and nobody misses what is in doubt', async () => {
  const { transaction, facts } = await begun();
  await transaction.abort();
  const told = [
    ['aborted', 4],
    ['aborted', 7],
  ];
  expect(kinds(facts)).toEqual([...sent, ...told]);
});

test('a commit without an answer leaves all open: the log is read from its first record on, and the group asked', async () => {
  const { transaction, facts, looked } = await begun(async () => {
    throw new Error('no answer');
  });
  await expect(transaction.commit()).rejects.toThrow('no answer');
  expect(kinds(facts)).toEqual([...sent, ['in doubt', false]]);
  expect(looked).toEqual([[{ topic: 'notes', partition: 0, first: 4, last: 7 }], [1, false]]);
});
