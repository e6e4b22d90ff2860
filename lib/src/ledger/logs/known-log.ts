import { type OffsetRange, Ranges } from './ranges.js';
import { type ReadRange, type Told, ToldHistory } from './told.js';

/** What brokers have shown of the log of one partition. */
export class KnownLog {
  readonly told = new ToldHistory();
  readonly markers = new Ranges();
  readonly aborted = new Ranges();
  readonly compacted = new Ranges();
  /** What was read of it and is stable: the fate of each of these is known. */
  readonly read = new Ranges();
  /** Where a committed record was, when it was read. */
  readonly held = new Ranges();

  take({ read, ...told }: Told & { read?: ReadRange }): void {
    this.told.add(told);
    if (!read) return;
    const settled = settledRange(told, read);
    this.read.add(settled);
    for (const kind of ['markers', 'aborted', 'compacted'] as const)
      for (const range of read[kind]) this[kind].add(range);
    for (const range of without(settled, [...read.markers, ...read.aborted, ...read.compacted]))
      this.held.add(range);
  }

  get isPlain(): boolean {
    return [this.markers, this.aborted, this.compacted].every(({ isEmpty }) => isEmpty);
  }

  /** Why a place is known to be empty; undefined where it is not. A marker stays one when it is cleaned away, too. */
  emptyAt(offset: number): 'marker' | 'compacted' | undefined {
    if (this.markers.has(offset)) return 'marker';
    return this.compacted.has(offset) ? 'compacted' : undefined;
  }

  /** Whether it is known that no record outside of transactions was ever here: what was compacted may have been one. */
  isTakenAt(offset: number): boolean {
    return this.markers.has(offset) || this.aborted.has(offset);
  }
}

/** What of a range that was read no open transaction can change any more. */
export function settledRange({ stable }: Pick<Told, 'stable'>, read: OffsetRange): OffsetRange {
  return { from: read.from, to: Math.min(read.to, stable) };
}

/** What is left of a range. */
function without({ from, to }: OffsetRange, taken: OffsetRange[]): OffsetRange[] {
  const left: OffsetRange[] = [];
  let next = from;
  for (const each of taken.sort((a, b) => a.from - b.from)) {
    left.push({ from: next, to: Math.min(each.from, to) });
    next = Math.max(next, each.to);
  }
  return [...left, { from: next, to }];
}
