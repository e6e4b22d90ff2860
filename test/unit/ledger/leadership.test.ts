import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  Ledger,
  leaderless,
  type ReplicaSpan,
  replicaSpans,
} from '../../../lib/src/ledger/index.ts';
import { at, replicationHistory } from '../../support/history.ts';

const BROKERS = [1, 2, 3];
const EVENTS = ['killed', 'stopped', 'started', 'paused', 'resumed'] as const;

const told = fc.record({
  leader: fc.constantFrom(-1, ...BROKERS),
  inSync: fc.subarray(BROKERS),
});
const done = fc.record({ broker: fc.constantFrom(...BROKERS), event: fc.constantFrom(...EVENTS) });
const steps = fc.array(fc.record({ after: fc.nat(3), what: fc.oneof(told, done) }), {
  maxLength: 30,
});

const isIn = (time: number) => (span: { from: number; to?: number }) =>
  span.from <= time && time < (span.to ?? Infinity);

/** What a broker is at a time, by looking at all that was told until then. */
function expected(facts: { time: number; what: object }[], broker: number, time: number): string {
  let state = '';
  let condition = '';
  for (const { what } of facts.filter((fact) => fact.time <= time)) {
    if ('leader' in what) {
      const { leader, inSync } = what as { leader: number; inSync: number[] };
      state = leader === broker ? 'leads' : inSync.includes(broker) ? 'in sync' : 'behind';
    } else {
      const { broker: which, event } = what as { broker: number; event: string };
      const gone = event === 'killed' || event === 'stopped' ? 'gone' : '';
      if (which === broker) condition = event === 'paused' ? 'still' : gone;
    }
  }
  return condition || state;
}

test('at each moment a broker has one state, the one that was told last; where none leads, there is no leader', () => {
  fc.assert(
    fc.property(told, steps, (first, more) => {
      const ledger = new Ledger();
      const facts: { time: number; what: object }[] = [];
      let time = 100;
      for (const { after, what } of [{ after: 0, what: first }, ...more]) {
        time += after;
        facts.push({ time, what });
        const place = { topic: 't', partition: 0, epoch: 0, replicas: BROKERS };
        if ('leader' in what) ledger.record({ kind: 'replicas', time, ...place, ...what });
        else ledger.record({ kind: 'broker', time, ...what });
      }
      const spans = replicaSpans(ledger, 't');
      for (let t = 100; t <= time; t++) {
        const now = BROKERS.map((broker) =>
          spans.filter((span) => span.broker === broker).filter(isIn(t)),
        );
        const states = now.map(([span]) => span?.state);
        expect(now.map(({ length }) => length)).toEqual([1, 1, 1]);
        expect(states).toEqual(BROKERS.map((broker) => expected(facts, broker, t)));
        const without = leaderless(ledger, 't').some(isIn(t));
        expect(without).toBe(!states.includes('leads'));
      }
    }),
  );
});

test('what follows from one death: who led until when, and how long nobody did', () => {
  const { ledger, topic } = replicationHistory();
  const of = (broker: number) =>
    replicaSpans(ledger, topic)
      .filter((span) => span.broker === broker)
      .map(({ state, from, to }: ReplicaSpan) => [state, from - at(0), to && to - at(0)]);
  expect(of(1)).toEqual([
    ['leads', 0, 2500],
    ['gone', 2500, 7000],
    ['behind', 7000, 7400],
    ['in sync', 7400, undefined],
  ]);
  expect(of(2)).toEqual([
    ['in sync', 0, 1500],
    ['still', 1500, 2800],
    ['in sync', 2800, 5500],
    ['leads', 5500, undefined],
  ]);
  expect(leaderless(ledger, topic)).toEqual([{ partition: 0, from: at(2.5), to: at(5.5) }]);
});
