import type { Ledger, Position } from '../../ledger/index.js';
import type { newestRecords } from '../drawing/newest.js';
import { MOST_COLOURS } from '../drawing/palette.js';
import type { OtherPlace } from '../drawing/places.js';
import { readers, type Told, teller } from '../drawing/record.js';

export interface LogOptions {
  topic: string;
  group: string;
  /** Whether to tell of committed offsets, once they are explained: false. */
  committed?: boolean;
}

interface Square extends Told {
  state: string;
}

interface Marker {
  partition: number;
  offset: number;
  state: string;
  /** A marker has no key. */
  key: null;
}

type Records = ReturnType<typeof newestRecords>['records'];

/** Records from where the group reads next, or from the start of the log, up to its end. */
export const unreadOf = ({ start, end, position }: Position) => end - Math.max(start, position);

/** The records that are drawn, those that the group has processed told apart. */
export function squaresOf(
  ledger: Ledger,
  { topic, group }: LogOptions,
  records: Records,
): Square[] {
  const processed = ledger.trail('processed', { topic, group });
  const all = [...records.values()].flat();
  const [by, tell] = [readers(ledger, { topic, group }, all), teller(ledger, all.length)];
  return all.map((record) => ({
    state: processed.offsets(record.partition).at(record.offset) > 0 ? 'read' : 'not read yet',
    ...tell(record, by(record)),
  }));
}

/** Where a partition's log starts and ends, and where the group is in it. What lies before the first place drawn is in the sentence only. */
export function markersOf(
  { partition, start, committed, position, end }: Position,
  records: Records,
  others: readonly OtherPlace[],
): Marker[] {
  const beside = others.filter((other) => other.partition === partition);
  const places = [...(records.get(partition) ?? []), ...beside];
  const first = places.length > 0 ? Math.min(...places.map(({ offset }) => offset)) : 0;
  return Object.entries({ start, committed, position, end })
    .filter(([, offset]) => offset !== undefined && offset >= first)
    .map(([state, offset]) => ({ partition, offset: offset as number, state, key: null }));
}

/** Where records in doubt are if nobody else writes: from the end of the log on. In rows that are drawn, and new ones while there is room. */
export function inDoubtOf(
  doubts: ReadonlyMap<number, number>,
  { lanes, all, most }: { lanes: readonly Position[]; all: readonly Position[]; most: number },
): Square[] {
  const drawn = new Map(lanes.map(({ partition, end }) => [partition, end]));
  for (const partition of doubts.keys()) {
    const isNew = !all.some((row) => row.partition === partition);
    if (isNew && drawn.size < MOST_COLOURS) drawn.set(partition, 0);
  }
  return [...drawn].flatMap(([partition, end]) =>
    Array.from({ length: Math.min(most, doubts.get(partition) ?? 0) }, (_, i) => ({
      ...{ partition, offset: end + i, key: 'not known yet', state: 'in doubt' },
    })),
  );
}
