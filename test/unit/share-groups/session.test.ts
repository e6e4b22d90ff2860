import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Answered } from '../../../lib/src/share-groups/errors.ts';
import { keyOf, type Place } from '../../../lib/src/share-groups/places.ts';
import {
  type Acknowledged,
  KINDS,
} from '../../../lib/src/share-groups/protocol/acknowledgement.ts';
import { Acknowledger } from '../../../lib/src/share-groups/session/acknowledger.ts';
import { batchesOf } from '../../../lib/src/share-groups/session/batches.ts';
import { SessionState } from '../../../lib/src/share-groups/session/session-state.ts';

const A = 'a1'.repeat(16);
const PLACES = fc.uniqueArray(
  fc.record({ topicId: fc.constantFrom(A, 'b2'.repeat(16)), partition: fc.nat(5) }),
  { selector: keyOf },
);
const sorted = (places: readonly Place[]) => places.map(keyOf).toSorted();

test('the broker that follows what each fetch adds and forgets has what is wanted, at the epoch it expects', () => {
  const step = fc.record({
    wanted: PLACES,
    end: fc.constantFrom('taken', 'lost'),
    acknowledged: fc.nat(2),
  });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const state = new SessionState();
      const broker = new Map<string, Place>();
      let expected = 0;
      for (const { wanted, end, acknowledged } of steps) {
        const { epoch, added, forgotten } = state.next(wanted);
        expect(epoch).toBe(expected);
        if (epoch === 0) broker.clear();
        for (const place of added) broker.set(keyOf(place), place);
        for (const place of forgotten) expect(broker.delete(keyOf(place))).toBe(true);
        expect(sorted([...broker.values()])).toEqual(sorted(wanted));
        if (end === 'lost') state.lost();
        else state.taken(wanted);
        expected = end === 'lost' ? 0 : expected + 1;
        for (let i = 0; state.isOpen && i < acknowledged; i++, expected++) state.taken();
        expect(state.epoch).toBe(expected);
      }
    }),
  );
});

const OFFSETS = fc.uniqueArray(
  fc.record({ partition: fc.nat(2), first: fc.nat(30), kind: fc.constantFrom(...KINDS) }),
  { selector: ({ partition, first }) => `${partition} ${first}` },
);

/** Each offset by itself. */
const single = (all: readonly Acknowledged[]) =>
  all.flatMap(({ partition, batches }) =>
    batches.flatMap(({ first, last, kind }) =>
      Array.from({ length: last - first + 1 }, (_, n) => `${partition} ${first + n} ${kind}`),
    ),
  );

test('batches say of each offset what was said of it, in order, in as few as can be', () => {
  fc.assert(
    fc.property(OFFSETS, (offsets) => {
      const all = offsets.map((one) => ({ ...one, topicId: A, last: one.first }));
      const batches = batchesOf(all);
      const said = offsets.map(({ partition, first, kind }) => `${partition} ${first} ${kind}`);
      expect(single(batches).toSorted()).toEqual(said.toSorted());
      for (const { batches: row } of batches)
        row.slice(1).forEach((batch, n) => {
          const before = row[n] as typeof batch;
          expect(batch.first).toBeGreaterThan(before.last);
          expect(batch.kind === before.kind && batch.first === before.last + 1).toBe(false);
        });
    }),
  );
});

const INVALID_RECORD_STATE = 121;

/** A broker that takes all of a partition or nothing, and has lost some records to others. */
function broker(late: Set<number>) {
  const requests: number[] = [];
  const taken: number[] = [];
  const send = async (all: Acknowledged[]): Promise<(Place & Answered)[]> => {
    await new Promise((resolve) => setImmediate(resolve));
    requests.push(single(all).length);
    return all.map((one) => {
      const offsets = single([one]).map((said) => Number(said.split(' ')[1]));
      const isLate = offsets.some((offset) => late.has(offset));
      if (!isLate) taken.push(...offsets);
      return { ...one, error: isLate ? INVALID_RECORD_STATE : 0, message: '' };
    });
  };
  return { send, requests, taken };
}

const accept = (offset: number, partition = 0) => ({
  ...{ topicId: A, partition, first: offset, last: offset, kind: 'accept' as const },
});

test('one that is late spoils no others, and is told so by name', async () => {
  const subset = fc.uniqueArray(fc.nat(15));
  await fc.assert(
    fc.asyncProperty(subset, subset, async (offsets, late) => {
      const { send, taken } = broker(new Set(late));
      const acknowledger = new Acknowledger(send);
      const ends = await Promise.allSettled(
        offsets.map((offset) => acknowledger.acknowledge(accept(offset))),
      );
      await acknowledger.idle();
      const isLate = offsets.map((offset) => late.includes(offset));
      expect(ends.map(({ status }) => status === 'rejected')).toEqual(isLate);
      expect(taken.toSorted()).toEqual(offsets.filter((_, n) => !isLate[n]).toSorted());
      for (const end of ends)
        if (end.status === 'rejected')
          expect(end.reason).toMatchObject({ code: 'LATE_ACKNOWLEDGEMENT' });
    }),
  );
});

test('what is acknowledged while a request is under way goes together in the next one', async () => {
  const { send, requests } = broker(new Set());
  const acknowledger = new Acknowledger(send);
  const first = acknowledger.acknowledge(accept(0));
  await Promise.resolve();
  await Promise.resolve();
  await Promise.all([first, ...[1, 2, 3].map((n) => acknowledger.acknowledge(accept(n, n)))]);
  expect(requests).toEqual([1, 3]);
});

test('without an answer nobody knows', async () => {
  const closed = new Error('closed');
  const acknowledger = new Acknowledger(() => Promise.reject(closed));
  await expect(acknowledger.acknowledge(accept(0))).rejects.toMatchObject({
    ...{ code: 'IN_DOUBT', cause: closed },
  });
  await acknowledger.idle();
});
