import { type Ledger, type Place, placeName, type Rewind } from '../../ledger/index.js';
import type { newestRecords } from '../drawing/newest.js';
import { readers, teller } from '../drawing/record.js';
import { shown } from '../drawing/words.js';

export interface BookmarkOptions {
  topic: string;
  group: string;
}

/** So many arrows are drawn below a row. */
export const MOST_ARROWS = 2;

type Records = ReturnType<typeof newestRecords>['records'];

/** What a record is told apart by: how often the group has processed it. */
export const OFTEN = ['not yet', 'once', 'twice', 'more often'];
/** The bookmark has passed it, and the group has not processed it. */
export const SKIPPED = 'skipped';

/** The records, and the bookmark of each partition. */
export function squaresOf(
  ledger: Ledger,
  { topic, group }: BookmarkOptions,
  records: Records,
  skipped: readonly Place[],
): { state: string }[] {
  const processed = ledger.trail('processed', { topic, group });
  const committed = ledger.trail('committed', { topic, group });
  const passed = new Set(skipped.map(placeName));
  const all = [...records.values()].flat();
  const [by, tell] = [readers(ledger, { topic, group }, all), teller(ledger, all.length)];
  return [...records].flatMap(([partition, own]) => {
    const next = committed.newest(partition);
    const squares = own.map((record) => {
      const times = processed.offsets(partition).at(record.offset);
      const isSkipped = passed.has(placeName({ topic, partition, offset: record.offset }));
      const state = isSkipped ? SKIPPED : (OFTEN[Math.min(times, 3)] as string);
      return { state, times, ...tell(record, by(record)) };
    });
    // One that is further back than what is drawn stands at the left edge.
    const at = next === undefined ? [] : [Math.max(next, own[0]?.offset ?? 0)];
    return [...squares, ...at.map((offset) => ({ partition, offset, next, state: 'bookmark' }))];
  });
}

/** The newest moves of each partition that is drawn; what lies before its first record stands at the left edge. */
export function arrowsOf(moves: readonly Rewind[], records: Records) {
  let isCut = false;
  const arrows = [...records].flatMap(([partition, own]) => {
    const first = own[0]?.offset ?? 0;
    const all = moves.filter((move) => move.partition === partition);
    isCut ||= all.length > MOST_ARROWS;
    const newest = all.slice(-MOST_ARROWS).reverse();
    return newest.map(({ from, to, time, member }, rank) => ({
      ...{ partition, offset: Math.max(first, to), until: Math.max(first, from) },
      ...{ state: `moved ${rank}`, from, to, time: Math.round(time), by: shown(member) },
    }));
  });
  const notes = isCut
    ? [`Only the newest ${MOST_ARROWS} moves back of a partition are drawn.`]
    : [];
  return { arrows, notes };
}
