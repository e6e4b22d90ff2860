import type { Ledger } from '../store/ledger.js';
import { birthOf, birthTimes } from './births.js';

/** Where a group stands in a partition. Offsets are of the next record: to be committed, read, or written. */
export interface Position {
  partition: number;
  /** The first offset that the partition still has, of those known of. */
  start: number;
  /** undefined until the group has committed something, and where that was taken away. */
  committed: number | undefined;
  /** What the group reads next, by its newest delivery. */
  position: number;
  /** The last stable offset: readers of committed records get no further. */
  stable: number;
  /** The end of the log, markers included: as Kafka's own tools count. */
  end: number;
  /** end - committed; a partition that was never committed counts from its start. */
  lag: number;
  /** The age of the oldest record that is not committed, at least: it may be forgotten when it was produced. 0 without a lag. */
  lagSeconds: number;
}

/** Where a group stands in each partition of a topic. `now` in milliseconds; the time of the newest fact if not given. */
export function positions(ledger: Ledger, group: string, topic: string, now?: number): Position[] {
  const produced = ledger.trail('produced', { topic });
  const committed = ledger.trail('committed', { group, topic });
  const delivered = ledger.trail('delivered', { group, topic });
  const births = birthTimes(ledger, topic);
  const newest = Math.max(...[produced, committed, delivered].map((trail) => trail.last ?? 0));
  return [...ledger.log(topic)].map(([partition, { start, stable, end }]) => {
    const bookmark = committed.newest(partition);
    const from = bookmark ?? start;
    const last = delivered.newest(partition);
    const lag = Math.max(0, end - from);
    const born = birthOf(births, partition, Math.max(from, start))?.time ?? now ?? newest;
    return {
      partition,
      start,
      committed: bookmark,
      position: last === undefined ? from : last + 1,
      stable,
      end,
      lag,
      lagSeconds: lag === 0 ? 0 : Math.max(0, (now ?? newest) - born) / 1000,
    };
  });
}

/** A bookmark that was moved back: its records come again. */
export interface Rewind {
  partition: number;
  /** The committed offset before, and the earlier one that it was moved to. */
  from: number;
  to: number;
  /** Milliseconds since 1970. */
  time: number;
  /** The client id of who moved it: an admin client, or a consumer that sought or committed. */
  member: string;
}

/** Where the bookmarks of a group on a topic were moved back, oldest first. Of commits whose detail is forgotten none is known. */
export function rewinds(ledger: Ledger, group: string, topic: string): Rewind[] {
  const committed = ledger.trail('committed', { group, topic });
  const bookmarks = new Map<number, number>();
  const found: Rewind[] = [];
  for (let i = 0; i < committed.length; i++) {
    const [partition, to] = [committed.partition(i), committed.offset(i)];
    const from = bookmarks.get(partition) ?? -1;
    bookmarks.set(partition, to);
    // -1 says that there is no bookmark any more: a consumer decides by itself where it begins.
    if (to < 0 || to >= from) continue;
    found.push({ partition, from, to, time: committed.time(i), member: committed.member(i) });
  }
  return found;
}
