import type { Ledger } from '../store/ledger.js';
import { type GoneFate, isGone, logFates } from './log-fate.js';

/** The first offset that a partition still has, of those known of; Infinity where none is. */
export function logStart(ledger: Ledger, topic: string, partition: number): number {
  return ledger.log(topic).get(partition)?.start ?? Infinity;
}

/** How many of the records that were produced are not in the log any more, by why: over all partitions, or in one. */
export function goneRecords(
  ledger: Ledger,
  topic: string,
  partition?: number,
): Record<GoneFate, number> {
  const found = { lost: 0, expired: 0, deleted: 0, compacted: 0 };
  const produced = ledger.trail('produced', { topic });
  const fateOf = logFates(ledger, topic);
  for (const [number, log] of ledger.log(topic)) {
    if (!log.hasGaps || (partition !== undefined && number !== partition)) continue;
    for (const [offset] of produced.offsets(number).entries()) {
      const fate = fateOf(number, offset);
      if (isGone(fate)) found[fate]++;
    }
  }
  return found;
}

/** How many acknowledged records were lost, also those whose offset was given to another record since. */
export function lostRecords(ledger: Ledger, topic: string): number {
  const lost = ledger.trail('lost', { topic });
  const fateOf = logFates(ledger, topic);
  let found = goneRecords(ledger, topic).lost;
  for (const partition of lost.partitions())
    for (const [offset, times] of lost.offsets(partition).entries())
      found += fateOf(partition, offset) === 'lost' ? times - 1 : times;
  return found;
}

/**
 * How many records for readers of committed ones a partition holds, whoever wrote them: of each place from start to end it is taken
 * to have one unless it is known that it has none.
 */
export function recordsIn(ledger: Ledger, topic: string, partition: number): number {
  const log = ledger.log(topic).get(partition);
  if (!log) return 0;
  const { start, end, isPlain } = log;
  if (isPlain) return end - start;
  const fateOf = logFates(ledger, topic);
  let records = 0;
  for (let offset = start; offset < end; offset++)
    if ((fateOf(partition, offset) ?? 'produced') === 'produced') records++;
  return records;
}

/** How many of the records that were produced to a partition it still has. */
export function recordsHeld(ledger: Ledger, topic: string, partition: number): number {
  const gone = Object.values(goneRecords(ledger, topic, partition));
  const { distinct } = ledger.trail('produced', { topic }).offsets(partition);
  return gone.reduce((left, many) => left - many, distinct);
}
