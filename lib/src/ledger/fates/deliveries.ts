import type { ShareFact, ShareKind } from '../store/facts.js';
import type { Ledger } from '../store/ledger.js';

/** One delivery of a record to a member of a share group. Times are milliseconds since 1970. */
export interface Delivery {
  member: string;
  partition: number;
  offset: number;
  /** How often the record has been delivered to whomever, this time included. */
  count: number;
  /** When it was acquired. */
  from: number;
  /** When it was accepted, released, rejected, or its lock ran out; undefined while none of that has happened. */
  to: number | undefined;
  end: DeliveryEnd | undefined;
  /** When its lock began anew. */
  renewed: number[];
}

export type DeliveryEnd = Exclude<ShareKind, 'acquired' | 'renewed'>;

const ENDS: readonly DeliveryEnd[] = ['accepted', 'released', 'rejected', 'lock expired'];

/**
 * The deliveries of a topic's records in a share group, as they began: who had which record from when to when, and what became of it.
 * Of a delivery that ended twice, since its member was late, the first end counts.
 */
export function deliveries(ledger: Ledger, group: string, topic: string): Delivery[] {
  const scope = { group, topic };
  const byPlace = new Map<string, Delivery>();
  for (const fact of ledger.shares('acquired', scope)) byPlace.set(placeOf(fact), begun(fact));
  for (const fact of ledger.shares('renewed', scope))
    byPlace.get(placeOf(fact))?.renewed.push(fact.time);
  for (const end of ENDS)
    for (const fact of ledger.shares(end, scope)) finish(byPlace.get(placeOf(fact)), end, fact);
  return [...byPlace.values()];
}

/** A record is delivered once with each count. */
const placeOf = ({ member, partition, offset, deliveries }: ShareFact): string =>
  `${partition} ${offset} ${deliveries} ${member}`;

/** Written field by field: 100,000 with spreads would take a second. */
const begun = ({ member, partition, offset, deliveries, time }: ShareFact): Delivery => ({
  member,
  partition,
  offset,
  count: deliveries,
  from: time,
  to: undefined,
  end: undefined,
  renewed: [],
});

function finish(delivery: Delivery | undefined, end: DeliveryEnd, { time }: ShareFact): void {
  if (!delivery || (delivery.to ?? Infinity) <= time) return;
  delivery.to = time;
  delivery.end = end;
}
