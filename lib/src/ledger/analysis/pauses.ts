import type { Ledger } from '../store/ledger.js';

/** How long a group left a partition alone. */
export interface Pause {
  partition: number;
  /** Who processed its first record, and who its last. */
  first: string;
  last: string;
  /** The longest time between two of its records, in milliseconds. */
  pause: number;
}

/**
 * For each partition of a topic, the longest time in which a group processed none of its records, between the first and the last. A
 * measure of what the group does where records come all the time.
 */
export function pauses(ledger: Ledger, group: string, topic: string): Pause[] {
  const trail = ledger.trail('processed', { group, topic });
  const found = new Map<number, Pause & { time: number }>();
  for (let i = 0; i < trail.length; i++) {
    const [partition, time, member] = [trail.partition(i), trail.time(i), trail.member(i)];
    const known = found.get(partition) ?? {
      partition,
      first: member,
      last: member,
      pause: 0,
      time,
    };
    const pause = Math.max(known.pause, time - known.time);
    found.set(partition, { ...known, last: member, pause, time });
  }
  return [...found.values()]
    .sort((a, b) => a.partition - b.partition)
    .map(({ time: _, ...pause }) => pause);
}
