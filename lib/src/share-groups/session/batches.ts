import { keyOf, type Place } from '../places.js';
import type { Acknowledged, Batch } from '../protocol/acknowledgement.js';

/** What is acknowledged of one partition. */
export type Acknowledgement = Place & Batch;

/** By partition, in order of offsets; what is in a row and alike is one batch. No offset may be in it twice. */
export function batchesOf(all: readonly Acknowledgement[]): Acknowledged[] {
  const partitions = new Map<string, Place & { batches: Batch[] }>();
  for (const one of [...all].sort((a, b) => a.first - b.first)) {
    const { topicId, partition, first, last, kind } = one;
    const known: { batches: Batch[] } | undefined = partitions.get(keyOf(one));
    const batches = known?.batches ?? [];
    if (!known) partitions.set(keyOf(one), { topicId, partition, batches });
    const before = batches.at(-1);
    if (before?.kind === kind && before.last + 1 === first) before.last = last;
    else batches.push({ first, last, kind });
  }
  return [...partitions.values()];
}
