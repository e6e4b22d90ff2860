import type { Ledger } from '../store/ledger.js';
import type { Span } from './load.js';

/** The offsets of records, in the order in which they are given, by partition: `{ 0: [4, 5], 2: [0] }`. */
export function offsetsByPartition(
  records: readonly { partition: number; offset: number }[],
): Record<number, number[]> {
  const found: Record<number, number[]> = {};
  for (const { partition, offset } of records) (found[partition] ??= []).push(offset);
  return found;
}

/** The partitions in which each key of a topic was written, in ascending order; records without a key are left out. */
export function partitionsByKey(ledger: Ledger, topic: string): Record<string, number[]> {
  const found = new Map<string, Set<number>>();
  for (const { key, partition } of ledger.records('produced', { topic })) {
    if (key !== null) found.set(key, (found.get(key) ?? new Set()).add(partition));
  }
  return Object.fromEntries(
    [...found].map(([key, partitions]) => [key, [...partitions].sort((a, b) => a - b)]),
  );
}

/** From the first to the last record that was produced to a topic in a stretch of time; NaN at both ends if there is none. */
export function arrivals(ledger: Ledger, topic: string, { from, to }: Span): Span {
  const times = ledger
    .records('produced', { topic })
    .map(({ time }) => time)
    .filter((time) => time >= from && time <= to);
  return { from: times[0] ?? NaN, to: times.at(-1) ?? NaN };
}
