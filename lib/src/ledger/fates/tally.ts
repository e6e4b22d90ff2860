import type { Ledger } from '../store/ledger.js';
import type { Place } from '../store/place.js';
import type { Trail } from '../trails/trail.js';
import { logFates } from './log-fate.js';

/** What became of the records of a topic in one group. */
export interface Tally {
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
  /** Different records that were processed at least once. */
  processed: number;
  /** Produced, still in the log, and not processed (yet). */
  missing: Place[];
  /** Processed more than once. */
  repeated: Place[];
  /** Records processed by each member, repeated ones counted each time. */
  byMember: Record<string, number>;
}

/** Counts what a group did with the records of a topic. */
export function tally(ledger: Ledger, group: string, topic: string): Tally {
  const processed = ledger.trail('processed', { group, topic });
  return {
    produced: ledger.trail('produced', { topic }).distinct,
    refused: refusedRecords(ledger, topic),
    inDoubt: recordsInDoubt(ledger, topic),
    open: openRecords(ledger, topic),
    aborted: ledger.trail('aborted', { topic }).distinct,
    processed: processed.distinct,
    missing: [...missing(ledger, group, topic)],
    repeated: [...places(processed, (_, __, times) => times > 1)],
    byMember: Object.fromEntries(processed.byMember),
  };
}

/** How many records of a topic are in doubt. */
export function recordsInDoubt(ledger: Ledger, topic: string): number {
  return sum(ledger.inDoubt(topic));
}

/** How many records that were sent to a topic were not appended. */
export function refusedRecords(ledger: Ledger, topic: string): number {
  return sum(ledger.refused(topic));
}

/** How many records of a topic are part of a transaction that has not ended. */
export function openRecords(ledger: Ledger, topic: string): number {
  const fateOf = logFates(ledger, topic);
  const open = places(
    ledger.trail('pending', { topic }),
    (partition, offset) => fateOf(partition, offset) === 'open',
  );
  return [...open].length;
}

/** Whether a group has processed every record that the topic still has: as `tally` has it, without a list of what is missing. */
export function isDrained(ledger: Ledger, group: string, topic: string): boolean {
  const produced = ledger.trail('produced', { topic });
  const processed = ledger.trail('processed', { group, topic });
  const isWhole = ![...ledger.log(topic).values()].some(({ hasGaps }) => hasGaps);
  // Most of the time the counts tell.
  if (isWhole && processed.distinct < produced.distinct) return false;
  return missing(ledger, group, topic).next().done === true;
}

function missing(ledger: Ledger, group: string, topic: string): Generator<Place> {
  const processed = ledger.trail('processed', { group, topic });
  const fateOf = logFates(ledger, topic);
  return places(
    ledger.trail('produced', { topic }),
    (partition, offset) =>
      processed.offsets(partition).at(offset) === 0 && fateOf(partition, offset) === 'produced',
  );
}

type Test = (partition: number, offset: number, times: number) => boolean;

function* places(trail: Trail, isMeant: Test): Generator<Place> {
  for (const partition of trail.partitions()) {
    for (const [offset, times] of trail.offsets(partition).entries()) {
      if (isMeant(partition, offset, times)) yield { topic: trail.topic, partition, offset };
    }
  }
}

function sum(counts: Map<number, number>): number {
  return [...counts.values()].reduce((all, count) => all + count, 0);
}
