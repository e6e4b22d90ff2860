import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ReplicaNews } from '../../../lib/src/lab/replication/replica-news.ts';

const place = { topic: 't', partition: 0, replicas: [1, 2, 3] };

/** What was so, state by state; each broker answers what it knew last: a state that never gets older. */
const states = fc.array(
  fc.record({
    elects: fc.boolean(),
    leader: fc.constantFrom(1, 2, 3),
    inSync: fc.subarray([1, 2, 3], { minLength: 1 }),
  }),
  { minLength: 1, maxLength: 8 },
);
const asked = fc.array(fc.record({ from: fc.constantFrom(1, 2, 3), forward: fc.nat(3) }));

test('of brokers that know more or less, never an older leader is believed after a newer one', () => {
  fc.assert(
    fc.property(states, asked, (all, asks) => {
      let epoch = 0;
      let leader = 1;
      const truth = all.map((state) => {
        if (state.elects) [epoch, leader] = [epoch + 1, state.leader];
        return { epoch, leader, inSync: state.inSync };
      });
      const news = new ReplicaNews();
      const known = new Map<number, number>();
      let newest = -1;
      let time = 0;
      for (const { from, forward } of asks) {
        const at = Math.min(truth.length - 1, (known.get(from) ?? 0) + forward);
        known.set(from, at);
        const answer = { ...place, ...truth[at]!, from, time: time++ };
        if (!news.take(answer)) continue;
        expect(answer.epoch).toBeGreaterThanOrEqual(newest);
        newest = answer.epoch;
      }
      const seen = [...known.values()].map((at) => truth[at]!.epoch);
      if (seen.length > 0) expect(newest).toBe(Math.max(...seen));
    }),
  );
});

test('who is in sync the leader knows best; the others are believed once it is silent', () => {
  const news = new ReplicaNews();
  const say = (time: number, from: number, inSync: number[]) =>
    news.take({ ...place, epoch: 4, leader: 1, inSync, from, time });
  expect(say(0, 1, [1, 2, 3])).toBe(true);
  expect(say(10, 1, [3, 2, 1])).toBe(false);
  expect(say(20, 1, [1])).toBe(true);
  expect(say(30, 2, [1, 2, 3])).toBe(false); // it has just been resumed
  expect(say(1021, 2, [1, 2])).toBe(true);
});
