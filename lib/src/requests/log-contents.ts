import type { AbortedTransaction } from './fetched-records.js';
import type { RecordBatch } from './record-batches.js';

/** Offsets from `from` to before `to`. */
export interface OffsetRange {
  from: number;
  to: number;
}

/** Of a range of offsets that was read, those that hold no record for readers of committed ones, and why. */
export interface LogContents extends OffsetRange {
  /** The ends of transactions. */
  markers: OffsetRange[];
  /** Records of aborted transactions. */
  aborted: OffsetRange[];
  /** Nothing is left there. */
  compacted: OffsetRange[];
}

/** A batch with the offsets that it has a record at; undefined where it has one at each. */
export type ReadBatch = Omit<RecordBatch, 'bytes' | 'isCompressed'> & {
  offsets?: readonly number[];
};

/**
 * What the batches show that were read from an offset on, by somebody who reads committed records only. The broker tells which
 * transactions among them were aborted; each ends with the next marker of its producer.
 */
export function logContents(
  from: number,
  batches: readonly ReadBatch[],
  transactions: readonly AbortedTransaction[],
): LogContents {
  const found: LogContents = { from, to: from, markers: [], aborted: [], compacted: [] };
  const begun = [...transactions].sort((a, b) => a.from - b.from);
  const ended = new Set<number>();
  for (const batch of batches) {
    while (begun[0] && begun[0].from < batch.to)
      ended.add((begun.shift() as AbortedTransaction).producerId);
    const isAborted = batch.inTransaction && ended.has(batch.producerId);
    if (batch.isControl) ended.delete(batch.producerId);
    if (batch.to <= found.to) continue;
    add(found.compacted, found.to, batch.from);
    const [start, to] = [Math.max(found.to, batch.from), batch.to];
    if (batch.count === 0) add(found.compacted, start, to);
    else if (batch.isControl) add(found.markers, start, to);
    else if (isAborted) add(found.aborted, start, to);
    else if (batch.offsets) addGaps(found.compacted, { from: start, to }, batch.offsets);
    found.to = to;
  }
  return found;
}

/** Whether they hold more than a record at each offset from there on, of no transaction. */
export function isRemarkable(from: number, batches: readonly ReadBatch[]): boolean {
  let at = from;
  for (const batch of batches) {
    const isInARow = batch.from <= at && batch.count === batch.to - batch.from;
    if (!isInARow || batch.inTransaction) return true;
    at = batch.to;
  }
  return false;
}

/** Whether offsets of a batch are without a record: its records tell which. */
export function hasGaps({ from, to, count }: ReadBatch): boolean {
  return count > 0 && count < to - from;
}

/** Puts what was read next behind what was read before. */
export function joined(first: LogContents, next: LogContents): LogContents {
  const both = (a: OffsetRange[], b: OffsetRange[]) => {
    const all = [...a];
    for (const { from, to } of b) add(all, from, to);
    return all;
  };
  return {
    ...{ from: first.from, to: next.to },
    markers: both(first.markers, next.markers),
    aborted: both(first.aborted, next.aborted),
    compacted: both(first.compacted, next.compacted),
  };
}

function addGaps(
  ranges: OffsetRange[],
  { from, to }: OffsetRange,
  offsets: readonly number[],
): void {
  let at = from;
  for (const offset of offsets) {
    if (offset < from) continue;
    add(ranges, at, offset);
    at = offset + 1;
  }
  add(ranges, at, to);
}

function add(ranges: OffsetRange[], from: number, to: number): void {
  if (to <= from) return;
  const last = ranges.at(-1);
  if (last?.to === from) last.to = to;
  else ranges.push({ from, to });
}
