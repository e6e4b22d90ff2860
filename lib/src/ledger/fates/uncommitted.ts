import type { BatchFact, RecordFact } from '../store/facts.js';
import type { Ledger } from '../store/ledger.js';
import { logFates } from './log-fate.js';

/**
 * The records that a group has processed and not committed, oldest first, and that are still in the log: they are processed again
 * if its consumer crashes now. Of those whose detail the ledger keeps.
 */
export function uncommitted(ledger: Ledger, group: string, topic: string): RecordFact[] {
  const committed = ledger.trail('committed', { group, topic });
  const logs = new Map(
    [...ledger.log(topic)].map(([partition, log]) => {
      const from = Math.max(log.start, committed.newest(partition) ?? 0);
      return [partition, { log, from, to: log.end }];
    }),
  );
  return ledger.records('processed', { group, topic }).filter(({ partition, offset }) => {
    const part = logs.get(partition);
    // Of a log of which nothing is known nothing is known to be gone.
    if (!part) return offset >= (committed.newest(partition) ?? 0);
    const isThere = offset < part.to && part.log.emptyAt(offset) === undefined;
    return offset >= part.from && isThere;
  });
}

/**
 * How many records are left for a group to commit: produced, still in the log, and at or after its bookmark. There may be a lag
 * without any: of a marker at the end, of open and of aborted transactions, of places that are empty.
 */
export function recordsLeft(ledger: Ledger, group: string, topic: string): number {
  let left = 0;
  for (const _ of leftOf(ledger, group, topic)) left++;
  return left;
}

/** Whether a group has committed every record that the topic still has. */
export function isCommitted(ledger: Ledger, group: string, topic: string): boolean {
  return leftOf(ledger, group, topic).next().done === true;
}

function* leftOf(ledger: Ledger, group: string, topic: string): Generator<number> {
  const produced = ledger.trail('produced', { topic });
  const committed = ledger.trail('committed', { group, topic });
  const fateOf = logFates(ledger, topic);
  for (const partition of produced.partitions()) {
    const bookmark = committed.newest(partition) ?? 0;
    for (const [offset] of produced.offsets(partition).entries(bookmark))
      if (fateOf(partition, offset) === 'produced') yield offset;
  }
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
    // Offsets of a batch may have gaps: what was processed from its first on, since it came, is of it.
    const own = processed.filter(
      ({ partition, offset, time }) =>
        partition === batch.partition && offset >= batch.offset && time >= batch.time,
    );
    return { batch, done: new Set(own.map(({ offset }) => offset)).size };
  });
}
