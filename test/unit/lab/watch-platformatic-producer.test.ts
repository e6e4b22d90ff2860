import { expect, test } from 'vitest';
import type {
  PlatformaticProducer,
  SentMessage,
  SentOffsets,
} from '../../../lib/src/lab/platformatic/shapes.ts';
import { watchProducer } from '../../../lib/src/lab/platformatic/watch-producer.ts';
import type { Fact } from '../../../lib/src/ledger/index.ts';

type Send = (options: { messages: SentMessage[] }, callback?: () => void) => Promise<SentOffsets>;

/** A watched producer whose sends are answered so, what it is told, and the facts. */
function watched(send: Send, end: () => Promise<void> = async () => {}) {
  const facts: Fact[] = [];
  const transaction = { send, addOffset: async () => {}, commit: end, abort: end };
  const inner = { clientId: 'till', send, beginTransaction: async () => transaction };
  const producer = inner as unknown as PlatformaticProducer;
  watchProducer(producer, { record: (fact) => void facts.push(fact) });
  return { producer, facts };
}

const at = (partition: number, offset: bigint) => ({ topic: 'notes', partition, offset });
const note = (partition?: number): SentMessage => ({
  ...{ topic: 'notes', key: `k${partition}` },
  ...(partition !== undefined && { partition }),
});
const options = (...messages: SentMessage[]) => ({ messages }) as never;
const told = (facts: Fact[]) =>
  facts.map((fact) => [
    fact.kind,
    'partition' in fact && fact.partition,
    'offset' in fact && fact.offset,
  ]);

test('of a partition alone, records follow the first; of several, the partition has to be said', async () => {
  const one = watched(async () => ({ offsets: [at(0, 4n)] }));
  await one.producer.send(options(note(), note()));
  expect(told(one.facts)).toEqual([
    ['produced', 0, 4],
    ['produced', 0, 5],
  ]);
  const two = watched(async () => ({ offsets: [at(0, 4n), at(1, 7n)] }));
  await two.producer.send(options(note(1), note(0), note(), note(1)));
  expect(told(two.facts)).toEqual([
    ['produced', 1, 7],
    ['produced', 0, 4],
    ['produced', 1, 8],
  ]);
});

test('a send that failed leaves its records in doubt; a call with a callback is the client’s own', async () => {
  const failed = watched(async () => Promise.reject(new Error('no answer')));
  await expect(failed.producer.send(options(note(2)))).rejects.toThrow('no answer');
  expect(told(failed.facts)).toEqual([['in doubt', 2, false]]);
  const own = watched(async () => ({ offsets: [at(0, 4n)] }));
  await (own.producer.send as unknown as Send)({ messages: [note()] }, () => {});
  expect(own.facts).toEqual([]);
});

const consumed = { ...at(3, 8n), topic: 'orders', metadata: { consumer: { groupId: 'billing' } } };

test.each(['commit', 'abort'] as const)(
  'what a transaction sends and moves, by %s',
  async (end) => {
    const { producer, facts } = watched(async () => ({ offsets: [at(0, 4n)] }));
    const transaction = await producer.beginTransaction();
    await transaction.send(options(note()));
    await transaction.addOffset(consumed as never);
    expect(told(facts)).toEqual([['pending', 0, 4]]);
    await transaction[end]();
    const moved = { kind: 'committed', group: 'billing', member: 'till', topic: 'orders' };
    const rest = facts.slice(1);
    if (end === 'abort') expect(told(rest)).toEqual([['aborted', 0, 4]]);
    else {
      expect(told(rest)).toEqual([
        ['produced', 0, 4],
        ['committed', 3, 9],
      ]);
      expect(rest[1]).toMatchObject(moved);
    }
  },
);

test('where the end is not known, nothing is told of it', async () => {
  const end = async () => Promise.reject(new Error('fenced'));
  const { producer, facts } = watched(async () => ({ offsets: [at(0, 4n)] }), end);
  const transaction = await producer.beginTransaction();
  await transaction.send(options(note()));
  await expect(transaction.commit()).rejects.toThrow('fenced');
  expect(told(facts)).toEqual([['pending', 0, 4]]);
});
