import type { Key, KeyNumbers } from './key-numbers.js';
import type { Lane, LaneOf, QuickHandling, RecordHead } from './lane.js';
import type { Names } from './names.js';
import type { Columns } from './rows.js';
import { Run } from './run.js';
import type { Part, Trail } from './trail.js';

/** What a lane needs of its ledger. */
export interface Inside {
  /** `keys` is another one once the ledger has forgotten some. */
  readonly names: { readonly members: Names; readonly keys: KeyNumbers };
  readonly clock: () => number;
  trail(of: LaneOf): Trail;
  /** Who has records that are not written yet; one at a time, so that facts are written in their order. */
  readonly holder: Holder | undefined;
  /** Has the holder write them; from then on it is `next`, if anybody. */
  settle(next?: Holder): void;
  /** Called after facts, with how many. */
  added(count: number): void;
}

export interface Holder {
  write(): void;
}

/** A lane of a ledger in memory: it looks for its trail once. */
export class MemoryLane implements Lane {
  private place: { trail: Trail; part: Part } | undefined;
  private readonly member: number;

  constructor(
    private readonly of: LaneOf,
    private readonly inside: Inside,
  ) {
    this.member = inside.names.members.numberOf(of.member);
  }

  add(time: number, offset: number, key: Key): void {
    this.addNumbered(time, offset, this.inside.names.keys.numberOf(key));
  }

  /** `key` by its number. */
  addNumbered(time: number, offset: number, key: number): void {
    const { trail, part } = (this.place ??= this.find());
    trail.add(part, this.member, time, offset, key);
    this.inside.added(1);
  }

  /** Many at once, of which `added` is not told. */
  addMany(columns: Columns): void {
    const { trail, part } = (this.place ??= this.find());
    trail.addMany(part, this.member, columns);
  }

  /** Not before the first fact: a partition is not told of by a lane that nothing came through. */
  private find() {
    const trail = this.inside.trail(this.of);
    return { trail, part: trail.part(this.of.partition) };
  }
}

/** A record's way through its handler, for a ledger in memory: its key is looked up once. */
export class MemoryHandling implements QuickHandling, Holder {
  private readonly toDelivered: MemoryLane;
  private readonly toProcessed: MemoryLane;
  /** The record that is in the handler, as far as it is written. */
  private record = { offset: 0, key: 0 };
  /** Where the key's number comes from. The key itself would keep all that was fetched with it. */
  private keys: KeyNumbers;
  private run: Run | undefined;

  constructor(
    private readonly of: Omit<LaneOf, 'kind'>,
    private readonly inside: Inside,
  ) {
    this.toDelivered = new MemoryLane({ ...of, kind: 'delivered' }, inside);
    this.toProcessed = new MemoryLane({ ...of, kind: 'processed' }, inside);
    this.keys = inside.names.keys;
  }

  delivered(time: number, { offset, key }: RecordHead): void {
    this.inside.settle();
    const { keys } = this.inside.names;
    this.keys = keys;
    this.record = { offset: Number(offset), key: keys.numberOf(key) };
    this.toDelivered.addNumbered(time, this.record.offset, this.record.key);
  }

  next(time: number, record: RecordHead): void {
    const { inside } = this;
    const run = (this.run ??= new Run());
    if (inside.holder !== this) inside.settle(this);
    run.add(time, record);
    if (run.isFull) inside.settle();
  }

  passed(time: number): void {
    this.run?.passed(time);
  }

  processed(time: number): void {
    this.addTo(this.toProcessed, time);
  }

  failed(time: number): void {
    this.addTo(new MemoryLane({ ...this.of, kind: 'failed' }, this.inside), time);
  }

  write(): void {
    const { run } = this;
    if (!run) return;
    this.renumber();
    const count = 2 * run.length;
    const { delivered, processed, last } = run.end(this.record, this.keys, this.inside.clock);
    this.record = last;
    this.toProcessed.addMany(processed);
    this.toDelivered.addMany(delivered);
    this.inside.added(count);
  }

  private addTo(lane: MemoryLane, time: number): void {
    this.inside.settle();
    this.renumber();
    lane.addNumbered(time, this.record.offset, this.record.key);
  }

  /** While the record was in its handler, the ledger may have forgotten keys. */
  private renumber(): void {
    const { keys } = this.inside.names;
    if (this.keys === keys) return;
    this.record.key = keys.numberOf(this.keys.nameOf(this.record.key));
    this.keys = keys;
  }
}
