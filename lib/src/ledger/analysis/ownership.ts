import type { MemberFact } from '../store/facts.js';
import type { Ledger } from '../store/ledger.js';
import { byName } from '../store/sorting.js';

/** A span in which a member owned a partition. `to` is undefined while it still does. */
export interface Ownership {
  member: string;
  topic: string;
  partition: number;
  from: number;
  to: number | undefined;
}

/** A span in which nobody owned a partition that somebody owned before. */
export interface Gap {
  topic: string;
  partition: number;
  from: number;
  to: number | undefined;
}

/** Who owned which partition of the group, and when; in order of `from`. */
export function ownership(ledger: Ledger, group: string): Ownership[] {
  const spans: Ownership[] = [];
  const owned = new Map<string, Map<string, Ownership>>();
  const ids = new Map<string, string | undefined>();
  for (const fact of ledger.members({ group })) {
    if (fact.kind === 'joining') continue;
    // A member that rebalances or goes owns nothing of what it owned before.
    const assigned = fact.kind === 'joined' ? assignedBy(fact) : [];
    // One that the broker took for dead joins anew under another id: it has kept nothing.
    const keeps = fact.memberId === ids.get(fact.member);
    const before = owned.get(fact.member) ?? new Map<string, Ownership>();
    const after = new Map(assigned.map((span) => [placeOf(span), span]));
    for (const [place, span] of before) {
      if (keeps && after.has(place)) after.set(place, span);
      else span.to = fact.time;
    }
    for (const [place, span] of after) if (before.get(place) !== span) spans.push(span);
    if (fact.kind === 'joined') ids.set(fact.member, fact.memberId);
    owned.set(fact.member, after);
  }
  return spans;
}

function assignedBy({ member, time, assignment = {} }: MemberFact): Ownership[] {
  return Object.entries(assignment).flatMap(([topic, partitions]) =>
    partitions.map((partition) => ({ member, topic, partition, from: time, to: undefined })),
  );
}

const placeOf = ({ topic, partition }: Ownership): string => `${topic}/${partition}`;

/**
 * The spans in which a partition of the group had no owner, between its first owner and now. It may have two at once: a member that
 * the broker took for dead learns of it when it joins anew.
 */
export function gaps(spans: readonly Ownership[]): Gap[] {
  const found: Gap[] = [];
  for (const own of byPartition(spans).values()) {
    const [{ topic, partition }] = own;
    let end = own[0].from;
    for (const { from, to = Infinity } of own) {
      if (from > end) found.push({ topic, partition, from: end, to: from });
      end = Math.max(end, to);
    }
    if (end < Infinity) found.push({ topic, partition, from: end, to: undefined });
  }
  return found.sort((a, b) => a.from - b.from);
}

function byPartition(spans: readonly Ownership[]): Map<string, [Ownership, ...Ownership[]]> {
  const groups = new Map<string, [Ownership, ...Ownership[]]>();
  for (const span of spans) {
    const before = groups.get(placeOf(span));
    if (before) before.push(span);
    else groups.set(placeOf(span), [span]);
  }
  return groups;
}

/**
 * Who owns what now: partitions by member, both sorted; a member that owns none is there with []. Where the group reads several
 * topics and none is named, by member and topic: `a · orders`.
 */
export function assignment(
  ledger: Ledger,
  group: string,
  topic?: string,
): Record<string, number[]> {
  const now = ownership(ledger, group).filter(
    (span) => span.to === undefined && (topic === undefined || span.topic === topic),
  );
  const topics = [...new Set(now.map((span) => span.topic))].sort(byName);
  return Object.fromEntries(
    presentMembers(ledger, group).flatMap((member): [string, number[]][] => {
      const own = now.filter((span) => span.member === member);
      if (topics.length < 2 || own.length === 0) return [[member, partitionsOf(own)]];
      return topics
        .map((topic) => ({ topic, spans: own.filter((span) => span.topic === topic) }))
        .filter(({ spans }) => spans.length > 0)
        .map(({ topic, spans }) => [`${member} · ${topic}`, partitionsOf(spans)]);
    }),
  );
}

function partitionsOf(spans: readonly Ownership[]): number[] {
  return spans.map(({ partition }) => partition).sort((a, b) => a - b);
}

/** A span in which a member was in its group and owned no partition. `to` is undefined while it still is. */
export type Idleness = Pick<Ownership, 'member' | 'from' | 'to'>;

/** Which members of the group had no partition, and when; in order of `from`. */
export function idleness(ledger: Ledger, group: string): Idleness[] {
  const spans: Idleness[] = [];
  const open = new Map<string, Idleness>();
  for (const { kind, member, time, assignment = {} } of ledger.members({ group })) {
    const span = open.get(member);
    if (span && kind !== 'joining') {
      span.to = time;
      open.delete(member);
    }
    if (kind !== 'joined' || Object.values(assignment).flat().length > 0) continue;
    const idle: Idleness = { member, from: time, to: undefined };
    open.set(member, idle);
    spans.push(idle);
  }
  return spans;
}

/** The members that have joined and not left, sorted by name. */
export function presentMembers(ledger: Ledger, group: string): string[] {
  const last = new Map<string, MemberFact['kind']>();
  for (const fact of ledger.members({ group })) last.set(fact.member, fact.kind);
  return [...last]
    .filter(([, kind]) => kind === 'joined')
    .map(([member]) => member)
    .sort(byName);
}
