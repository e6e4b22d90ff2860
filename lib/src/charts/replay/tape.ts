import type { Moment } from '../../ledger/index.js';
import { roundUp } from './steps.js';

/** So many records a replay draws: it stays small in its notebook. */
export const MOST_CELLS = 200;

/** The offsets of a partition that a replay draws: from the first on, up to the last. */
export interface Stretch {
  first: number;
  last: number;
}

/** Which offsets are drawn: of each partition some, every so many-th of them. */
export interface Tape {
  every: number;
  /** By partition. */
  stretches: Map<number, Stretch>;
  /** All that are drawn, in order, and those where a log may end. */
  offsets: number[];
}

/** The offsets that a group comes by, from where it stands at first or is moved back to, up to the ends of the logs. */
export function tapeOf(all: readonly Moment[], partitions: readonly number[]): Tape {
  const found = new Map<number, Stretch>();
  for (const moment of all)
    for (const partition of partitions) {
      const at = moment.partitions.get(partition);
      if (!at) continue;
      const { start, position, end } = at;
      const least = Math.min(position, at.committed ?? start, end);
      // Of a log that was not there at first, all is read since.
      const before = found.get(partition) ?? { first: moment === all[0] ? least : start, last: 0 };
      const first = Math.min(before.first, Math.max(start, least));
      found.set(partition, { first: Math.max(0, first), last: Math.max(before.last, end) });
    }
  const every = everyOf([...found.values()]);
  const stretches = new Map(
    [...found].map(([partition, { first, last }]): [number, Stretch] => [
      partition,
      { first: roundTo(first, every), last: roundTo(last, every) },
    ]),
  );
  return { every, stretches, offsets: offsetsOf(stretches, every) };
}

/** The first one at or after an offset that may be drawn. */
const roundTo = (offset: number, every: number): number => Math.ceil(offset / every) * every;

function everyOf(stretches: readonly Stretch[]): number {
  const many = (every: number) =>
    stretches.reduce((sum, { first, last }) => sum + Math.ceil((last - first) / every), 0);
  let every = 1;
  while (many(every) > MOST_CELLS) every = roundUp(every + 1);
  return every;
}

function offsetsOf(stretches: Tape['stretches'], every: number): number[] {
  const found = new Set<number>();
  for (const { first, last } of stretches.values())
    for (let offset = first; offset <= last; offset += every) found.add(offset);
  return [...found].sort((a, b) => a - b);
}

/** Whether a replay draws the record at an offset. */
export function draws({ every, stretches }: Tape, partition: number, offset: number): boolean {
  const stretch = stretches.get(partition);
  if (!stretch) return false;
  return offset >= stretch.first && offset < stretch.last && offset % every === 0;
}

/** The step from which on a log has nothing before an offset any more: the number of steps where that is never. */
export function goneAt(all: readonly Moment[], partition: number, offset: number): number {
  const step = all.findIndex(({ partitions }) => (partitions.get(partition)?.start ?? 0) > offset);
  return step < 0 ? all.length : step;
}
