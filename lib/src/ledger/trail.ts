import { OffsetCounts } from './counts.js';
import type { Names } from './names.js';
import { type Row, Rows } from './rows.js';

/**
 * All facts of one kind about one topic and group, oldest first, read by index so that a chart of 100,000 records makes no
 * 100,000 objects; and counts for each offset, which outlive the facts.
 */
export class Trail {
  /** Facts whose detail was given up: of them only counts are kept. */
  forgotten = 0;
  /** How many facts there are of each member, forgotten ones too. */
  readonly byMember = new Map<string, number>();
  private readonly rows = new Rows();
  private readonly counts = new Map<number, OffsetCounts>();
  private readonly last = new Map<number, { time: number; offset: number }>();

  constructor(
    readonly group: string,
    readonly topic: string,
    private readonly names: { members: Names; keys: Names },
  ) {}

  /** Facts that are kept with their detail. */
  get length(): number {
    return this.rows.length;
  }

  /** All facts, forgotten ones too. */
  get total(): number {
    return this.rows.length + this.forgotten;
  }

  add(fact: Omit<Row, 'member'> & { member: string }): void {
    const { time, partition, offset, member } = fact;
    this.rows.add({ ...fact, member: this.names.members.numberOf(member) });
    this.byMember.set(member, (this.byMember.get(member) ?? 0) + 1);
    this.countsOf(partition).add(offset);
    if (time >= (this.last.get(partition)?.time ?? 0)) this.last.set(partition, { time, offset });
  }

  time(i: number): number {
    return this.rows.time(i);
  }

  offset(i: number): number {
    return this.rows.offset(i);
  }

  partition(i: number): number {
    return this.rows.partition(i);
  }

  member(i: number): string {
    return this.names.members.nameOf(this.rows.member(i));
  }

  value(i: number): number {
    return this.rows.value(i);
  }

  /** The record's key; null for none. */
  key(i: number): string | null {
    const number = this.rows.value(i);
    return number === 0 ? null : this.names.keys.nameOf(number - 1);
  }

  /** The partitions that it tells of, in order. */
  partitions(): number[] {
    return [...this.counts.keys()].sort((a, b) => a - b);
  }

  /** How often it happened to each offset of a partition. */
  offsets(partition: number): OffsetCounts {
    return this.counts.get(partition) ?? NOTHING;
  }

  /** Different offsets over all partitions. */
  get distinct(): number {
    let sum = 0;
    for (const { distinct } of this.counts.values()) sum += distinct;
    return sum;
  }

  /** The offset of the newest fact about a partition. */
  newest(partition: number): number | undefined {
    return this.last.get(partition)?.offset;
  }

  /** Gives the keys that are still needed their numbers in `keys`. */
  renumber(keys: Names): void {
    for (let i = 0; i < this.length; i++) {
      const key = this.key(i);
      if (key !== null) this.rows.setValue(i, keys.numberOf(key) + 1);
    }
  }

  forgetBefore(time: number): number {
    const dropped = this.rows.dropBefore(time);
    this.forgotten += dropped;
    return dropped;
  }

  private countsOf(partition: number): OffsetCounts {
    let counts = this.counts.get(partition);
    if (!counts) this.counts.set(partition, (counts = new OffsetCounts()));
    return counts;
  }
}

const NOTHING = new OffsetCounts();
