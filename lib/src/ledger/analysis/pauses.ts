import type { Ledger } from '../store/ledger.js';

/** How long a group left a partition alone. */
export interface Pause {
  partition: number;
  /** Who processed its first record, and who its last: by offset, since a member may be done late with one that another has had since. */
  first: string;
  last: string;
  /** The longest time between two of its records, in milliseconds. */
  pause: number;
}

interface Seen extends Pause {
  time: number;
  lowest: number;
  highest: number;
}

/**
 * For each partition of a topic, the longest time in which a group processed none of its records, between the first and the last. A
 * measure of what the group does where records come all the time.
 */
export function pauses(ledger: Ledger, group: string, topic: string): Pause[] {
  const trail = ledger.trail('processed', { group, topic });
  const found = new Map<number, Seen>();
  for (let i = 0; i < trail.length; i++) {
    const partition = trail.partition(i);
    const now = { time: trail.time(i), member: trail.member(i), offset: trail.offset(i) };
    found.set(partition, seen(found.get(partition) ?? begun(partition, now), now));
  }
  return [...found.values()]
    .sort((a, b) => a.partition - b.partition)
    .map(({ partition, first, last, pause }) => ({ partition, first, last, pause }));
}

interface Processed {
  time: number;
  member: string;
  offset: number;
}

const begun = (partition: number, { time, member, offset }: Processed): Seen => ({
  ...{ partition, first: member, last: member, pause: 0 },
  ...{ time, lowest: offset, highest: offset },
});

const seen = (known: Seen, { time, member, offset }: Processed): Seen => ({
  partition: known.partition,
  first: offset < known.lowest ? member : known.first,
  last: offset >= known.highest ? member : known.last,
  pause: Math.max(known.pause, time - known.time),
  time,
  lowest: Math.min(known.lowest, offset),
  highest: Math.max(known.highest, offset),
});
