import type { Ledger } from '../store/ledger.js';
import type { Place } from '../store/place.js';
import { type Disorder, outOfOrder } from './disorder.js';
import { isGone, logFates } from './log-fate.js';
import { type Sources, sourcesOf } from './sources.js';
import { openRecords, recordsInDoubt, refusedRecords, tally } from './tally.js';

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
  const all = sourcesOf(ledger, group, topic);
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
