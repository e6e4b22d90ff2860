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
