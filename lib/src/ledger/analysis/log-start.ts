import type { Ledger } from '../store/ledger.js';
import { logFates } from './log-fate.js';

/** The first offset that a partition still has, of those known of; Infinity where none is. */
export function logStart(ledger: Ledger, topic: string, partition: number): number {
  return ledger.log(topic).get(partition)?.start ?? Infinity;
}

/** How many of the records that were produced to a topic are deleted since. */
export function deletedRecords(ledger: Ledger, topic: string): number {
  const partitions = ledger.trail('deleted', { topic }).partitions();
  return partitions.reduce((sum, partition) => sum + deletedIn(ledger, topic, partition), 0);
}

/** How many of those that were produced to a partition. */
export function deletedIn(ledger: Ledger, topic: string, partition: number): number {
  const fateOf = logFates(ledger, topic);
  const to = ledger.trail('deleted', { topic }).newest(partition) ?? 0;
  let deleted = 0;
  for (const [offset] of ledger.trail('produced', { topic }).offsets(partition).entries()) {
    if (offset >= to) break;
    if (fateOf(partition, offset) === 'deleted') deleted++;
  }
  return deleted;
}
