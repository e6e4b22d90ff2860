import type { Trail } from '../trails/trail.js';
import type { KnownLog } from './known-log.js';
import type { PartitionLog } from './partition-log.js';
import type { Told, ToldHistory } from './told.js';

/** The facts from which it follows where a log begins and ends, besides what brokers tell. */
export interface LogSources {
  /** What was produced, is pending, or aborted: all of it was appended. */
  acknowledged: readonly Trail[];
  deleted: Trail;
  /** What was acknowledged and was not found there. */
  lost: Trail;
}

/** One partition's log, computed as it is asked for. */
export class LogView implements PartitionLog {
  constructor(
    readonly partition: number,
    private readonly sources: LogSources,
    private readonly known: KnownLog | undefined,
  ) {}

  get start(): number {
    const { partition, sources, known } = this;
    const deleted = sources.deleted.newest(partition) ?? 0;
    if (known) return Math.max(known.told.start, deleted);
    const lowest = sources.acknowledged.map((trail) => trail.offsets(partition).lowest);
    return Math.max(Math.min(...lowest), deleted);
  }

  get end(): number {
    return endAt(this.sources.acknowledged, this.known?.told, this.partition);
  }

  get stable(): number {
    const told = this.known?.told.newest;
    const own = this.firstOpen(told?.stable ?? 0) ?? this.end;
    // Whose transaction was open then? One of which the ledger knows may have ended since.
    const isForeign = told && told.stable < told.end && !this.isPendingAt(told.stable);
    return isForeign ? Math.min(told.stable, own) : own;
  }

  get hasGaps(): boolean {
    const { known, partition, sources } = this;
    const { deleted, lost } = sources;
    if ([deleted, lost].some((trail) => trail.newest(partition) !== undefined)) return true;
    if (!known) return false;
    const { start, newest } = known.told;
    const highest = sources.acknowledged.map((trail) => trail.offsets(partition).highest);
    const isShort = newest !== undefined && newest.end <= Math.max(...highest);
    return start > 0 || isShort || !known.compacted.isEmpty;
  }

  get isPlain(): boolean {
    const { known, partition, sources } = this;
    const pending = (sources.acknowledged[1] as Trail).offsets(partition);
    return pending.distinct === 0 && (known?.isPlain ?? true);
  }

  emptyAt(offset: number): 'marker' | 'compacted' | undefined {
    return this.known?.emptyAt(offset);
  }

  isAbortedAt(offset: number): boolean {
    return this.known?.aborted.has(offset) ?? false;
  }

  told(): Iterable<Told> {
    return this.known?.told ?? [];
  }

  private isPendingAt(offset: number): boolean {
    return (this.sources.acknowledged[1] as Trail).offsets(this.partition).at(offset) > 0;
  }

  /** The first record from an offset on whose transaction has not ended, of those of which the ledger knows. */
  private firstOpen(from: number): number | undefined {
    const [produced, pending, aborted] = this.sources.acknowledged as [Trail, Trail, Trail];
    const { partition } = this;
    for (const [offset] of pending.offsets(partition).entries(from)) {
      const isOver = [produced, aborted].some((trail) => trail.offsets(partition).at(offset) > 0);
      if (!isOver) return offset;
    }
    return undefined;
  }
}

/** The end of a log: as it was told last, and beyond that what was acknowledged since. Now, or as it was at a time. */
export function endAt(
  acknowledged: readonly Trail[],
  told: ToldHistory | undefined,
  partition: number,
  time = Infinity,
): number {
  const { time: from, end: least } = told?.before(time) ?? { time: 0, end: 0 };
  return acknowledged.reduce(
    (end, trail) => Math.max(end, endSince(trail, partition, { from, to: time, least })),
    least,
  );
}

/** The offset after the highest one of the facts that came between two moments; 0 where it is `least` or less. */
function endSince(
  trail: Trail,
  partition: number,
  { from, to, least }: { from: number; to: number; least: number },
): number {
  const { highest } = trail.offsets(partition);
  const newest = trail.newestTime(partition) ?? 0;
  if (highest < least || newest < from) return 0;
  // Most of the time the newest fact is about the highest offset.
  const isHighest = newest <= to && trail.newest(partition) === highest;
  if (isHighest || (from === 0 && to === Infinity)) return highest + 1;
  let end = from === 0 ? (trail.forgottenParts.get(partition)?.highest ?? -1) + 1 : 0;
  for (let i = trail.firstAt(from); i < trail.length && trail.time(i) <= to; i++)
    if (trail.partition(i) === partition) end = Math.max(end, trail.offset(i) + 1);
  return end;
}
