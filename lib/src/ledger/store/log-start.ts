import type { Ledger } from './ledger.js';

/** The first offset that a partition still has, of those that were produced while the ledger looked on. */
export function logStart(ledger: Ledger, topic: string, partition: number): number {
  const { lowest } = ledger.trail('produced', { topic }).offsets(partition);
  return Math.max(lowest, ledger.trail('deleted', { topic }).newest(partition) ?? 0);
}

/** How many of the records that were produced to a topic are deleted since. */
export function deletedRecords(ledger: Ledger, topic: string): number {
  const partitions = ledger.trail('deleted', { topic }).partitions();
  return partitions.reduce((sum, partition) => sum + deletedIn(ledger, topic, partition), 0);
}

/** How many of those that were produced to a partition. */
export function deletedIn(ledger: Ledger, topic: string, partition: number): number {
  const start = logStart(ledger, topic, partition);
  let deleted = 0;
  for (const [offset] of ledger.trail('produced', { topic }).offsets(partition).entries()) {
    if (offset >= start) break;
    deleted++;
  }
  return deleted;
}
