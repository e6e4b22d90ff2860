import type { BrokerFact, ReplicaFact } from '../store/facts.js';
import type { Ledger } from '../store/ledger.js';

/**
 * What a broker is to a partition of which it has a copy. `gone` (killed or stopped) and `still` (paused) it is whatever the
 * others still think of it.
 */
export type ReplicaState = 'leads' | 'in sync' | 'behind' | 'still' | 'gone';

/** In milliseconds since 1970; without `to` it is so now. */
export interface Span {
  partition: number;
  from: number;
  to?: number;
}

export interface ReplicaSpan extends Span {
  broker: number;
  state: ReplicaState;
}

/** What each broker was to each partition of a topic, over time: since it is known, one state at each moment. By partition and broker. */
export function replicaSpans(ledger: Ledger, topic: string): ReplicaSpan[] {
  const brokers = ledger.brokers();
  return [...byPartition(ledger.replicas(topic))].flatMap(([partition, facts]) => {
    const ids = new Set(facts.flatMap(({ replicas }) => replicas));
    return [...ids]
      .sort((a, b) => a - b)
      .flatMap((broker) => spansOf({ partition, broker }, facts, brokers));
  });
}

/** When no broker led a partition: the one that did was killed or stands still, and no other was elected yet. */
export function leaderless(ledger: Ledger, topic: string): Span[] {
  const spans = replicaSpans(ledger, topic);
  return [...byPartition(ledger.replicas(topic))].flatMap(([partition, [first]]) => {
    const led = spans.filter((span) => span.partition === partition && span.state === 'leads');
    return between(partition, led, first?.time ?? 0);
  });
}

/** What lies between spans that do not overlap, from a time on. */
function between(partition: number, spans: readonly Span[], from: number): Span[] {
  const found: Span[] = [];
  let at: number | undefined = from;
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    if (at !== undefined && span.from > at) found.push({ partition, from: at, to: span.from });
    at = span.to;
  }
  return at === undefined ? found : [...found, { partition, from: at }];
}

type Place = Pick<ReplicaSpan, 'partition' | 'broker'>;

/** The spans of one broker and one partition: a new one with each change of state. */
function spansOf(
  place: Place,
  facts: readonly ReplicaFact[],
  brokers: readonly BrokerFact[],
): ReplicaSpan[] {
  const spans: ReplicaSpan[] = [];
  const first = (facts[0] as ReplicaFact).time;
  let told = facts[0] as ReplicaFact;
  let condition: ReplicaState | undefined;
  for (const fact of inOrder(facts, brokers)) {
    if (fact.kind === 'replicas') told = fact;
    else if (fact.broker === place.broker) condition = CONDITION[fact.event];
    else continue;
    const from = Math.max(first, fact.time);
    const state = condition ?? stateIn(told, place.broker);
    const last = spans.at(-1);
    if (last?.state === state) continue;
    if (last?.from === from) spans.pop();
    else if (last) last.to = from;
    if (spans.at(-1)?.state === state) delete (spans.at(-1) as ReplicaSpan).to;
    else spans.push({ ...place, state, from });
  }
  return spans;
}

/** What was told before the first answer counts from that on. */
function inOrder(
  facts: readonly ReplicaFact[],
  brokers: readonly BrokerFact[],
): (ReplicaFact | BrokerFact)[] {
  return [...facts, ...brokers].sort((a, b) => a.time - b.time);
}

const CONDITION: Record<BrokerFact['event'], ReplicaState | undefined> = {
  killed: 'gone',
  stopped: 'gone',
  paused: 'still',
  started: undefined,
  resumed: undefined,
};

function stateIn({ leader, inSync }: ReplicaFact, broker: number): ReplicaState {
  if (broker === leader) return 'leads';
  return inSync.includes(broker) ? 'in sync' : 'behind';
}

function byPartition(facts: readonly ReplicaFact[]): Map<number, ReplicaFact[]> {
  const found = new Map<number, ReplicaFact[]>();
  for (const fact of facts) found.set(fact.partition, [...(found.get(fact.partition) ?? []), fact]);
  return new Map([...found].sort(([a], [b]) => a - b));
}
