import { OffsetCounts } from './counts.js';
import { Forgotten, type ForgottenPart } from './forgotten.js';
import type { KeyNumbers } from './key-numbers.js';
import type { Names } from './names.js';
import { type Columns, Rows } from './rows.js';

/** One partition in a trail: how often something happened to its offsets, and the newest fact. */
export interface Part {
  readonly partition: number;
  readonly counts: OffsetCounts;
  time: number;
  offset: number | undefined;
  /** Offsets at which the ledger has added the fact itself: who has to tell it may still do so. */
  settled: Set<number> | undefined;
}

/**
 * All facts of one kind about one topic and group, oldest first, read by index so that a chart of 100,000 records makes no
 * 100,000 objects; and counts for each offset, which outlive the facts.
 */
export class Trail {
  /** Whether of what is forgotten the times and members are known as sums: not of a part of it. */
  isSummed = true;
  private readonly old = new Forgotten();
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

  /** Facts whose detail was given up: of them only sums are kept. */
  get forgotten(): number {
    return this.old.count;
  }

  /** What is kept of the forgotten facts about each partition. */
  get forgottenParts(): ReadonlyMap<number, ForgottenPart> {
    return this.old.parts;
  }

  /** How many forgotten facts there are of each member, and when the last of them came. */
  get forgottenMembers(): Map<string, { count: number; last: number }> {
    const { members } = this.names;
    return new Map([...this.old.members].map(([number, of]) => [members.nameOf(number), of]));
  }

  /** When the first fact came, forgotten or not; undefined where there is none. */
  get first(): number | undefined {
    const kept = this.length > 0 ? this.time(0) : Infinity;
    const first = Math.min(this.old.first, kept);
    return first === Infinity ? undefined : first;
  }

  /** When the newest fact about any partition came; undefined where there is none. */
  get last(): number | undefined {
    if (this.length > 0) return this.time(this.length - 1);
    const times = [...this.parts.values()].map(({ time }) => time);
    return times.length > 0 ? Math.max(...times) : undefined;
  }

  /** All facts, forgotten ones too. */
  get total(): number {
    return this.rows.length + this.old.count;
  }

  /** `member` by its number. */
  add(part: Part, member: number, time: number, offset: number, value: number): void {
    if (part.settled?.delete(offset)) return;
    const { shares } = this;
    this.rows.add(time, offset, part.partition, member, value);
    shares[member] = (shares[member] ?? 0) + 1;
    part.counts.add(offset);
    if (time < part.time) return;
    part.time = time;
    part.offset = offset;
  }

  /** From now on there is none: told as offset -1. */
  addNone(part: Part, member: number, time: number): void {
    this.rows.add(time, -1, part.partition, member, 0);
    this.shares[member] = (this.shares[member] ?? 0) + 1;
    if (time < part.time) return;
    part.time = time;
    part.offset = undefined;
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
      part = {
        ...{ partition, counts: new OffsetCounts() },
        ...{ time: 0, offset: undefined, settled: undefined },
      };
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

  /** The index of the first fact, of those that are kept, that came at this time or later. */
  firstAt(time: number): number {
    let low = 0;
    for (let high = this.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (this.time(middle) < time) low = middle + 1;
      else high = middle;
    }
    return low;
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

  /** The same in all trails of a ledger. */
  memberNumber(i: number): number {
    return this.rows.member(i);
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

  /** The offset of the newest fact about a partition; undefined where there is none. */
  newest(partition: number): number | undefined {
    return this.parts.get(partition)?.offset;
  }

  /** When the newest fact about a partition came. */
  newestTime(partition: number): number | undefined {
    return this.parts.get(partition)?.time;
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
      const [part, member] = [found.part(partition), this.rows.member(i)];
      if (offset < 0) found.addNone(part, member, this.time(i));
      else if (offset >= start(partition))
        found.add(part, member, this.time(i), offset, this.value(i));
    }
    if (this.forgotten > 0) this.countForgotten(found, start);
    for (const [partition, { time }] of found.parts) if (time === 0) found.parts.delete(partition);
    return found;
  }

  /** Of what is forgotten the counts of each offset are there. */
  private countForgotten(found: Trail, start: (partition: number) => number): void {
    for (const [partition, { time, offset: newest }] of this.old.parts) {
      const part = found.part(partition);
      for (const [offset, times] of this.offsets(partition).entries()) {
        for (let n = part.counts.at(offset); offset >= start(partition) && n < times; n++) {
          part.counts.add(offset);
          found.old.add(time, partition, offset);
        }
      }
      const own = found.old.parts.get(partition);
      if (own) own.offset = newest;
      if (!own || part.time > 0) continue;
      part.time = time;
      part.offset = newest < 0 ? undefined : newest;
    }
    found.isSummed = found.forgotten === 0;
  }

  /** Takes what another one had kept of the facts about a partition whose detail it had given up; before any of its own. */
  takeForgotten(partition: number, first: number, sum: ForgottenPart): void {
    const { time, offset } = sum;
    this.old.first = Math.min(this.old.first, first);
    this.old.count += sum.count;
    this.old.parts.set(partition, sum);
    Object.assign(this.part(partition), { time, offset: offset < 0 ? undefined : offset });
  }

  /** The same of a member's facts. */
  takeForgottenOf(name: string, sum: { count: number; last: number }): void {
    const member = this.names.members.numberOf(name);
    this.old.members.set(member, sum);
    this.shares[member] = sum.count;
  }

  forgetBefore(time: number): number {
    const { rows, old } = this;
    const dropped = rows.olderThan(time);
    for (let i = 0; i < dropped; i++)
      old.add(rows.time(i), rows.partition(i), rows.offset(i), rows.member(i));
    rows.drop(dropped);
    return dropped;
  }
}

const NOTHING = new OffsetCounts();
