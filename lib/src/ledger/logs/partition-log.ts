import type { Told } from './told.js';

/** What is known of the log of one partition. */
export interface PartitionLog {
  readonly partition: number;
  /** The log start offset: the first offset that is still there, of those known of. */
  readonly start: number;
  /** The last stable offset: before it no transaction is open, and readers of committed records get no further. */
  readonly stable: number;
  /** The offset after the last one, markers and records of others included, as Kafka's own tools count. */
  readonly end: number;
  /** Why a place is known to be empty; undefined where it is not. */
  emptyAt(offset: number): 'marker' | 'compacted' | undefined;
  /** Whether a record there is known to be one of an aborted transaction. */
  isAbortedAt(offset: number): boolean;
  /** Whether places are known to be empty that have held an acknowledged record, or may have. */
  readonly hasGaps: boolean;
  /** Whether each place from start to end holds a record for readers of committed ones, as far as is known. */
  readonly isPlain: boolean;
  /** What brokers told of it, in the order in which they were asked. */
  told(): Iterable<Told>;
}

/** The same from an offset on, as if nothing had been before. */
export class LaterLog implements PartitionLog {
  constructor(
    private readonly whole: PartitionLog,
    /** Where it begins. */
    readonly first: number,
  ) {}

  get partition(): number {
    return this.whole.partition;
  }

  get start(): number {
    return Math.max(this.first, this.whole.start);
  }

  get stable(): number {
    return Math.max(this.first, this.whole.stable);
  }

  get end(): number {
    return this.whole.end;
  }

  get hasGaps(): boolean {
    return this.whole.hasGaps;
  }

  get isPlain(): boolean {
    return this.whole.isPlain;
  }

  emptyAt(offset: number): 'marker' | 'compacted' | undefined {
    return this.whole.emptyAt(offset);
  }

  isAbortedAt(offset: number): boolean {
    return this.whole.isAbortedAt(offset);
  }

  *told(): Generator<Told> {
    let hasBegun = false;
    for (const { start, ...told } of this.whole.told()) {
      hasBegun ||= told.end > this.first;
      if (hasBegun) yield { ...told, start: Math.max(start, this.first) };
    }
  }
}
