import type { Ledger } from '../store/ledger.js';
import { type Place, placeName } from '../store/place.js';
import type { Trail } from '../trails/trail.js';
import { isGone, type LogFate, logFates } from './log-fate.js';
import { openRecords, recordsInDoubt, refusedRecords, tally } from './tally.js';

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

/** A record that a group processed after a later one with the same key. */
export interface Disorder extends Place {
  key: string;
  /** The later record that came first. */
  after: Place;
}

/** What became of the records of a topic in a group, as counts, and which of them it did wrong. */
export interface Account {
  /** Acknowledged, and their transactions committed. */
  produced: number;
  /** Sent, and not appended. */
  refused: number;
  /** Sent, of unknown offset, and not read by anybody yet: none of those that were produced. */
  inDoubt: number;
  /** Acknowledged in a transaction that has not ended. */
  open: number;
  /** Of aborted transactions. */
  aborted: number;
  /** Of those produced: gone, though nothing that removes records explains it. */
  lost: number;
  /** Of those produced: removed by retention, by compaction, by a watched client. */
  expired: number;
  compacted: number;
  deleted: number;
  delivered: number;
  processed: number;
  committed: number;
  /**
   * The group has committed past them and never processed them: they do not come again. Of those that expired or were deleted
   * only where the group had a bookmark at or before them; none that was compacted.
   */
  skipped: Place[];
  /** Processed more than once. */
  repeated: (Place & { times: number })[];
  /** Of the records whose detail is kept: order is not known of others. */
  outOfOrder: Disorder[];
  /** Facts of which only counts are kept; order is not known of them. */
  forgotten: number;
}

/** Counts and judges what a group did with the records of a topic. */
export function account(ledger: Ledger, group: string, topic: string): Account {
  const all = sources(ledger, group, topic);
  const { produced, delivered, processed } = all;
  const { repeated } = tally(ledger, group, topic);
  return {
    produced: produced.distinct,
    refused: refusedRecords(ledger, topic),
    inDoubt: recordsInDoubt(ledger, topic),
    open: openRecords(ledger, topic),
    aborted: ledger.trail('aborted', { topic }).distinct,
    delivered: delivered.distinct,
    processed: processed.distinct,
    ...judged(ledger, all),
    repeated: repeated.map((place) => ({
      ...place,
      times: processed.offsets(place.partition).at(place.offset),
    })),
    outOfOrder: outOfOrder(produced, processed),
    forgotten: produced.forgotten + processed.forgotten,
  };
}

/** What became of each record that was produced. */
function judged(ledger: Ledger, { produced, processed, committed, bookmarks }: Sources) {
  const { topic } = produced;
  const gone = { lost: 0, expired: 0, compacted: 0, deleted: 0 };
  const found = { committed: 0, skipped: [] as Place[] };
  const fateOf = logFates(ledger, topic);
  for (const partition of produced.partitions()) {
    const bookmark = bookmarks.get(partition) ?? 0;
    const first = committed.offsets(partition).lowest;
    for (const [offset] of produced.offsets(partition).entries()) {
      const fate = fateOf(partition, offset);
      if (isGone(fate)) gone[fate]++;
      if (offset >= bookmark) continue;
      found.committed++;
      const isDone = processed.offsets(partition).at(offset) > 0 || fate === 'compacted';
      const couldBeRead = (fate !== 'expired' && fate !== 'deleted') || first <= offset;
      if (!isDone && couldBeRead) found.skipped.push({ topic, partition, offset });
    }
  }
  return { ...gone, ...found };
}

/** What became of the newest records of each partition, in the order of partition and offset. */
export function fates(ledger: Ledger, group: string, topic: string, newest = 40): Fate[] {
  const { produced, delivered, processed, bookmarks } = sources(ledger, group, topic);
  const details = detailsOf(produced);
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

type Sources = ReturnType<typeof sources>;

function sources(ledger: Ledger, group: string, topic: string) {
  const committed = ledger.trail('committed', { group, topic });
  return {
    committed,
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
    const ahead = high ? lead({ partition, offset, rank }, high) : 1;
    if (!high || ahead > 0) latest.set(key, { rank, at: i });
    else if (ahead < 0 && isFirst(i)) {
      const after = {
        topic,
        partition: processed.partition(high.at),
        offset: processed.offset(high.at),
      };
      found.push({ topic, partition, offset, key, after });
    }
  }
  return found;

  /** In a partition offsets tell the order: transactions may end in another one. */
  function lead(
    a: { partition: number; offset: number; rank: number },
    high: { rank: number; at: number },
  ) {
    const isSamePartition = a.partition === processed.partition(high.at);
    return isSamePartition ? a.offset - processed.offset(high.at) : a.rank - high.rank;
  }

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
