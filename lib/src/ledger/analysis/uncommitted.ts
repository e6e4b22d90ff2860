import type { BatchFact, RecordFact } from '../store/facts.js';
import type { Ledger } from '../store/ledger.js';

/**
 * The records that a group has processed and not committed, oldest first: they are processed again if its consumer crashes
 * now. Of those
 * whose detail the ledger keeps.
 */
export function uncommitted(ledger: Ledger, group: string, topic: string): RecordFact[] {
  const committed = ledger.trail('committed', { group, topic });
  return ledger
    .records('processed', { group, topic })
    .filter(({ partition, offset }) => offset >= (committed.newest(partition) ?? 0));
}

/** A batch that somebody may be in the middle of: `done` of its records are processed and not committed. */
export interface OpenBatch {
  batch: BatchFact;
  done: number;
}

/** The newest batch of each partition of a topic that a group has read from. */
export function openBatches(ledger: Ledger, group: string, topic: string): OpenBatch[] {
  const newest = new Map<number, BatchFact>();
  for (const batch of ledger.batches({ group, topic })) newest.set(batch.partition, batch);
  const processed = uncommitted(ledger, group, topic);
  return [...newest.values()].map((batch) => {
    const { partition, offset, records } = batch;
    const isInIt = (r: RecordFact) =>
      r.partition === partition && r.offset >= offset && r.offset < offset + records;
    return { batch, done: processed.filter(isInIt).length };
  });
}
