import type { Place } from '../store/place.js';
import type { Trail } from '../trails/trail.js';

/** A record that a group processed after a later one with the same key. */
export interface Disorder extends Place {
  key: string;
  /** The later record that came first. */
  after: Place;
}

/** A record that was processed, and which of those produced it was. */
interface Ranked {
  partition: number;
  offset: number;
  rank: number;
}

/** First processing alone counts here: what comes twice is a duplicate. */
export function outOfOrder(produced: Trail, processed: Trail): Disorder[] {
  const { topic } = produced;
  const ranks = ranksOf(produced);
  const latest = new Map<string, Ranked>();
  const found: Disorder[] = [];
  for (let i = 0; i < processed.length; i++) {
    const key = processed.key(i);
    const [partition, offset] = [processed.partition(i), processed.offset(i)];
    const rank = ranks.get(partition)?.get(offset);
    if (key === null || rank === undefined) continue;
    const [one, high] = [{ partition, offset, rank }, latest.get(key)];
    const ahead = high ? lead(one, high) : 1;
    if (ahead > 0) latest.set(key, one);
    else if (high && ahead < 0 && isFirst(processed, i)) {
      const after = { topic, partition: high.partition, offset: high.offset };
      found.push({ topic, partition, offset, key, after });
    }
  }
  return found;
}

/** By partition and offset. */
function ranksOf(produced: Trail): Map<number, Map<number, number>> {
  const ranks = new Map<number, Map<number, number>>();
  for (let i = 0; i < produced.length; i++) {
    const partition = produced.partition(i);
    let rank = ranks.get(partition);
    if (!rank) ranks.set(partition, (rank = new Map()));
    rank.set(produced.offset(i), i);
  }
  return ranks;
}

/** In a partition offsets tell the order: transactions may end in another one. */
function lead(one: Ranked, high: Ranked): number {
  return one.partition === high.partition ? one.offset - high.offset : one.rank - high.rank;
}

/** Asked of the few that come late only. */
function isFirst(processed: Trail, i: number): boolean {
  const [partition, offset] = [processed.partition(i), processed.offset(i)];
  if (processed.offsets(partition).at(offset) === 1) return true;
  for (let k = 0; k < i; k++) {
    if (processed.partition(k) === partition && processed.offset(k) === offset) return false;
  }
  return true;
}
