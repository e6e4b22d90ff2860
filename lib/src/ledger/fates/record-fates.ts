import type { Ledger } from '../store/ledger.js';
import { type Place, placeName } from '../store/place.js';
import type { Trail } from '../trails/trail.js';
import { type LogFate, logFates } from './log-fate.js';
import { sourcesOf } from './sources.js';

/** What became of one record in a group. */
export interface Fate extends Place {
  /** Null without a key, and where `time` is not known. */
  key: string | null;
  /** When it was produced; undefined once the ledger has given up the detail. */
  time: number | undefined;
  produced: boolean;
  delivered: number;
  processed: number;
  committed: boolean;
  /** What became of it in its log. */
  fate: LogFate | undefined;
}

/** What became of the newest records of each partition, in the order of partition and offset. */
export function fates(ledger: Ledger, group: string, topic: string, newest = 40): Fate[] {
  const { produced, delivered, processed, bookmarks } = sourcesOf(ledger, group, topic);
  const details = detailsOf(produced, newest);
  const fateOf = logFates(ledger, topic);
  return produced.partitions().flatMap((partition) => {
    const offsets = [...produced.offsets(partition).entries()].slice(-newest);
    return offsets.map(([offset]) => ({
      topic,
      partition,
      offset,
      ...(details.get(placeName({ topic, partition, offset })) ?? { key: null, time: undefined }),
      produced: true,
      delivered: delivered.offsets(partition).at(offset),
      processed: processed.offsets(partition).at(offset),
      committed: offset < (bookmarks.get(partition) ?? 0),
      fate: fateOf(partition, offset),
    }));
  });
}

type Detail = Pick<Fate, 'key' | 'time'>;

/** Only of records that may be shown: most are not. */
function detailsOf(trail: Trail, newest: number): Map<string, Detail> {
  const { topic } = trail;
  const found = new Map<string, Detail>();
  for (let i = 0; i < trail.length; i++) {
    const partition = trail.partition(i);
    const offset = trail.offset(i);
    if (offset <= trail.offsets(partition).highest - newest * 4) continue;
    const detail = { key: trail.key(i), time: trail.time(i) };
    found.set(placeName({ topic, partition, offset }), detail);
  }
  return found;
}
