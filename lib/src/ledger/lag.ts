import type { Ledger } from './ledger.js';

/** The lag of a group at a moment: records between its committed offsets and the ends of the partitions. */
export interface LagPoint {
  time: number;
  lag: number;
}

/**
 * How the lag of a group on a topic went, a point for every change. A partition that was never committed counts from its
 * first record. Kafka's own tool computes lag in the same way: end offset minus committed offset.
 */
export function lagOverTime(ledger: Ledger, group: string, topic: string): LagPoint[] {
  const ends = new Map<number, number>();
  const committed = new Map<number, number>();
  const points: LagPoint[] = [];
  let lag = 0;
  for (const { time, partition, offset, kind } of changes(ledger, group, topic)) {
    const before = lagOf(partition, ends, committed);
    if (kind === 'produced') {
      if (!ends.has(partition)) committed.set(partition, committed.get(partition) ?? offset);
      ends.set(partition, Math.max(offset + 1, ends.get(partition) ?? 0));
    } else {
      committed.set(partition, offset);
    }
    lag += lagOf(partition, ends, committed) - before;
    points.push({ time, lag });
  }
  return points;
}

/** A commit may be seen before the acknowledgement of what it covers: that is no lag, and no negative one. */
function lagOf(partition: number, ends: Map<number, number>, committed: Map<number, number>): number {
  return Math.max(0, (ends.get(partition) ?? 0) - (committed.get(partition) ?? 0));
}

function changes(ledger: Ledger, group: string, topic: string) {
  const all = [...ledger.records('produced', { topic }), ...ledger.commits({ group, topic })];
  return all.sort((a, b) => a.time - b.time);
}

/** A span in which a group that had members has none. */
export interface Outage {
  from: number;
  to: number | undefined;
}

/** The spans in which nobody was a member of the group, from its first member on. */
export function outages(ledger: Ledger, group: string): Outage[] {
  const present = new Set<string>();
  const found: Outage[] = [];
  for (const { kind, member, time } of ledger.members({ group })) {
    const wasEmpty = present.size === 0;
    if (kind === 'joined') present.add(member);
    if (kind === 'left' || kind === 'crashed') present.delete(member);
    const last = found.at(-1);
    if (wasEmpty && present.size > 0 && last) last.to = time;
    if (!wasEmpty && present.size === 0) found.push({ from: time, to: undefined });
  }
  return found;
}
