import type { Ledger } from '../store/ledger.js';
import { type Place, placeName, recordsInDoubt } from '../store/tally.js';
import type { Trail } from '../store/trail.js';

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
}

/** A record that a group processed after a later one with the same key. */
export interface Disorder extends Place {
  key: string;
  /** The later record that came first. */
  after: Place;
}

/** What became of the records of a topic in a group, as counts, and which of them it did wrong. */
export interface Account {
  produced: number;
  /** Sent, of unknown offset, and not read by anybody yet: none of those that were produced. */
  inDoubt: number;
  delivered: number;
  processed: number;
  committed: number;
  /** The group has committed past them and never processed them: they do not come again. */
  lost: Place[];
  /** Processed more than once. */
  duplicated: (Place & { times: number })[];
  /** Of the records whose detail is kept: order is not known of others. */
  outOfOrder: Disorder[];
  /** Facts of which only counts are kept; order is not known of them. */
  forgotten: number;
}

/** Counts and judges what a group did with the records of a topic. */
export function account(ledger: Ledger, group: string, topic: string): Account {
  const { produced, delivered, processed, bookmarks } = sources(ledger, group, topic);
  const found: Account = {
    produced: produced.distinct,
    inDoubt: recordsInDoubt(ledger, topic),
    delivered: delivered.distinct,
    processed: processed.distinct,
    committed: 0,
    lost: [],
    duplicated: [],
    outOfOrder: outOfOrder(produced, processed),
    forgotten: produced.forgotten + processed.forgotten,
  };
  for (const partition of produced.partitions()) {
    const times = processed.offsets(partition);
    for (const [offset] of produced.offsets(partition).entries()) {
      if (offset >= (bookmarks.get(partition) ?? 0)) break;
      found.committed++;
      if (times.at(offset) === 0) found.lost.push({ topic, partition, offset });
    }
  }
  for (const partition of processed.partitions()) {
    for (const [offset, times] of processed.offsets(partition).entries()) {
      if (times > 1) found.duplicated.push({ topic, partition, offset, times });
    }
  }
  return found;
}

/** What became of the newest records of each partition, in the order of partition and offset. */
export function fates(ledger: Ledger, group: string, topic: string, newest = 40): Fate[] {
  const { produced, delivered, processed, bookmarks } = sources(ledger, group, topic);
  const details = detailsOf(produced);
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
    }));
  });

  /** Only of records that may be shown: most are not. */
  function detailsOf(trail: Trail): Map<string, Pick<Fate, 'key' | 'time'>> {
    const found = new Map<string, Pick<Fate, 'key' | 'time'>>();
    for (let i = 0; i < trail.length; i++) {
      const partition = trail.partition(i);
      const offset = trail.offset(i);
      if (offset <= trail.offsets(partition).highest - newest * 4) continue;
      const detail = { key: trail.key(i), time: trail.time(i) };
      found.set(placeName({ topic, partition, offset }), detail);
    }
    return found;
  }
}

function sources(ledger: Ledger, group: string, topic: string) {
  const committed = ledger.trail('committed', { group, topic });
  return {
    produced: ledger.trail('produced', { topic }),
    delivered: ledger.trail('delivered', { group, topic }),
    processed: ledger.trail('processed', { group, topic }),
    bookmarks: new Map(
      committed.partitions().map((partition) => [partition, committed.newest(partition) ?? 0]),
    ),
  };
}

/** First processing alone counts here: what comes twice is a duplicate. */
function outOfOrder(produced: Trail, processed: Trail): Disorder[] {
  const { topic } = produced;
  const ranks = new Map<number, Map<number, number>>();
  for (let i = 0; i < produced.length; i++) {
    const partition = produced.partition(i);
    let rank = ranks.get(partition);
    if (!rank) ranks.set(partition, (rank = new Map()));
    rank.set(produced.offset(i), i);
  }
  const latest = new Map<string, { rank: number; at: number }>();
  const found: Disorder[] = [];
  for (let i = 0; i < processed.length; i++) {
    const key = processed.key(i);
    const [partition, offset] = [processed.partition(i), processed.offset(i)];
    const rank = ranks.get(partition)?.get(offset);
    if (key === null || rank === undefined) continue;
    const high = latest.get(key);
    if (!high || rank > high.rank) latest.set(key, { rank, at: i });
    else if (rank < high.rank && isFirst(i)) {
      const after = {
        topic,
        partition: processed.partition(high.at),
        offset: processed.offset(high.at),
      };
      found.push({ topic, partition, offset, key, after });
    }
  }
  return found;

  /** Asked of the few that come late only. */
  function isFirst(i: number): boolean {
    const [partition, offset] = [processed.partition(i), processed.offset(i)];
    if (processed.offsets(partition).at(offset) === 1) return true;
    for (let k = 0; k < i; k++) {
      if (processed.partition(k) === partition && processed.offset(k) === offset) return false;
    }
    return true;
  }
}
