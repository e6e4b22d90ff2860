import { OffsetCounts } from './counts.js';
import type { KeyNumbers } from './key-numbers.js';
import type { Names } from './names.js';
import { type Columns, Rows } from './rows.js';

/** One partition in a trail: how often something happened to its offsets, and the newest fact. */
export interface Part {
  readonly partition: number;
  readonly counts: OffsetCounts;
  time: number;
  offset: number | undefined;
}

/**
 * All facts of one kind about one topic and group, oldest first, read by index so that a chart of 100,000 records makes no
 * 100,000 objects; and counts for each offset, which outlive the facts.
 */
export class Trail {
  /** Facts whose detail was given up: of them only counts are kept. */
  forgotten = 0;
  private readonly rows = new Rows();
  private readonly parts = new Map<number, Part>();
  /** How many facts there are of each member, by its number, forgotten ones too. */
  private readonly shares: number[] = [];

  constructor(
    readonly group: string,
    readonly topic: string,
    private readonly names: { members: Names; keys: KeyNumbers },
  ) {}

  /** Facts that are kept with their detail. */
  get length(): number {
    return this.rows.length;
  }

  /** All facts, forgotten ones too. */
  get total(): number {
    return this.rows.length + this.forgotten;
  }

  /** `member` by its number. */
  add(part: Part, member: number, time: number, offset: number, value: number): void {
    const { shares } = this;
    this.rows.add(time, offset, part.partition, member, value);
    shares[member] = (shares[member] ?? 0) + 1;
    part.counts.add(offset);
    if (time < part.time) return;
    part.time = time;
    part.offset = offset;
  }

  /** The same for many of one partition, in order of time. */
  addMany(part: Part, member: number, columns: Columns): void {
    const { time, offset } = columns;
    const many = time.length;
    this.rows.addMany(columns, part.partition, member);
    this.shares[member] = (this.shares[member] ?? 0) + many;
    for (let i = 0; i < many; i++) part.counts.add(offset[i] as number);
    const newest = time[many - 1] as number;
    if (newest < part.time) return;
    part.time = newest;
    part.offset = offset[many - 1] as number;
  }

  /** What is known of one partition: where its facts go. */
  part(partition: number): Part {
    let part = this.parts.get(partition);
    if (!part) {
      part = { partition, counts: new OffsetCounts(), time: 0, offset: undefined };
      this.parts.set(partition, part);
    }
    return part;
  }

  /** How many facts there are of each member, forgotten ones too. */
  get byMember(): Map<string, number> {
    const found = new Map<string, number>();
    this.shares.forEach((share, member) => {
      found.set(this.names.members.nameOf(member), share);
    });
    return found;
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
    return this.names.keys.nameOf(this.rows.value(i));
  }

  /** The partitions that it tells of, in order. */
  partitions(): number[] {
    return [...this.parts.keys()].sort((a, b) => a - b);
  }

  /** How often it happened to each offset of a partition. */
  offsets(partition: number): OffsetCounts {
    return this.parts.get(partition)?.counts ?? NOTHING;
  }

  /** Different offsets over all partitions. */
  get distinct(): number {
    let sum = 0;
    for (const { counts } of this.parts.values()) sum += counts.distinct;
    return sum;
  }

  /** The offset of the newest fact about a partition. */
  newest(partition: number): number | undefined {
    return this.parts.get(partition)?.offset;
  }

  /** Gives the keys that are still needed their numbers in `keys`. */
  renumber(keys: KeyNumbers): void {
    for (let i = 0; i < this.length; i++) this.rows.setValue(i, keys.numberOf(this.key(i)));
  }

  /** The same from an offset on, which is another one in each partition. */
  from(start: (partition: number) => number): Trail {
    const found = new Trail(this.group, this.topic, this.names);
    for (let i = 0; i < this.length; i++) {
      const [partition, offset] = [this.partition(i), this.offset(i)];
      if (offset >= start(partition))
        found.add(found.part(partition), this.rows.member(i), this.time(i), offset, this.value(i));
    }
    if (this.forgotten > 0) this.countForgotten(found, start);
    return found;
  }

  /** Of what is forgotten the counts of each offset are there. */
  private countForgotten(found: Trail, start: (partition: number) => number): void {
    for (const partition of this.partitions()) {
      const kept = found.part(partition).counts;
      for (const [offset, times] of this.offsets(partition).entries()) {
        for (let n = kept.at(offset); offset >= start(partition) && n < times; n++) {
          kept.add(offset);
          found.forgotten++;
        }
      }
    }
  }

  forgetBefore(time: number): number {
    const dropped = this.rows.dropBefore(time);
    this.forgotten += dropped;
    return dropped;
  }
}

const NOTHING = new OffsetCounts();
