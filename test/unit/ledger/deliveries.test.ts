import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Delivery,
  deliveries,
  Ledger,
  type ShareKind,
} from '../../../lib/src/ledger/index.ts';

const ENDS = ['accepted', 'released', 'rejected', 'lock expired', undefined] as const;
const GROUP = 'workers';

/** Deliveries of a few records to members, one after the other; how long each took, and where its lock was renewed. */
const HISTORY = fc.array(
  fc.record({
    member: fc.constantFrom('a', 'b', 'c'),
    partition: fc.nat(1),
    offset: fc.nat(3),
    end: fc.constantFrom(...ENDS),
    took: fc.integer({ min: 1, max: 50 }),
    renewals: fc.nat(2),
    /** A member that says something of it when its lock has run out. */
    isLate: fc.boolean(),
  }),
  { maxLength: 30 },
);

test('each delivery is told once: who had it, how often it came, from when to when, and how that ended', () => {
  fc.assert(
    fc.property(HISTORY, (history) => {
      const ledger = new Ledger();
      const counts = new Map<string, number>();
      const wanted: Delivery[] = [];
      let time = 1000;
      for (const { end, took, renewals, isLate, ...place } of history) {
        const key = `${place.partition} ${place.offset}`;
        const count = (counts.get(key) ?? 0) + 1;
        counts.set(key, count);
        const tell = (kind: ShareKind) =>
          ledger.record({ kind, time, group: GROUP, topic: 'jobs', ...place, deliveries: count });
        const from = time;
        tell('acquired');
        const renewed = Array.from({ length: renewals }, () => {
          time += took;
          tell('renewed');
          return time;
        });
        time += took;
        if (end) tell(end);
        wanted.push({ ...place, count, from, to: end && time, end, renewed });
        time += took;
        if (end === 'lock expired' && isLate) tell('accepted');
      }
      expect(deliveries(ledger, GROUP, 'jobs')).toEqual(wanted);
      expect(deliveries(ledger, 'others', 'jobs')).toEqual([]);
    }),
  );
});
