import type { Key, KeyNumbers } from './key-numbers.js';
import type { Handling, Lane, LaneOf } from './lane.js';
import type { Names } from './names.js';
import type { Part, Trail } from './trail.js';

/** What a lane needs of its ledger. */
export interface Inside {
  /** `keys` is another one once the ledger has forgotten some. */
  readonly names: { readonly members: Names; readonly keys: KeyNumbers };
  trail(of: LaneOf): Trail;
  /** Called after every fact. */
  added(): void;
}

/** A lane of a ledger in memory: it looks for its trail once. */
export class MemoryLane implements Lane {
  private trail: Trail | undefined;
  private part: Part | undefined;
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
    // Not before the first fact: a partition is not told of by a lane that nothing came through.
    this.trail ??= this.inside.trail(this.of);
    this.part ??= this.trail.part(this.of.partition);
    this.trail.add(this.part, this.member, time, offset, key);
    this.inside.added();
  }
}

/** A record's way through its handler, for a ledger in memory: its key is looked up once. */
export class MemoryHandling implements Handling {
  private readonly toDelivered: MemoryLane;
  private readonly toProcessed: MemoryLane;
  private offset = 0;
  private key = 0;
  /** Where the key's number comes from. The key itself would keep all that was fetched with it. */
  private keys: KeyNumbers;

  constructor(
    private readonly of: Omit<LaneOf, 'kind'>,
    private readonly inside: Inside,
  ) {
    this.toDelivered = new MemoryLane({ ...of, kind: 'delivered' }, inside);
    this.toProcessed = new MemoryLane({ ...of, kind: 'processed' }, inside);
    this.keys = inside.names.keys;
  }

  delivered(time: number, offset: number, key: Key): void {
    const { keys } = this.inside.names;
    if (this.keys !== keys) this.keys = keys;
    this.offset = offset;
    this.key = keys.numberOf(key);
    this.toDelivered.addNumbered(time, offset, this.key);
  }

  processed(time: number): void {
    if (this.keys !== this.inside.names.keys) this.renumber();
    this.toProcessed.addNumbered(time, this.offset, this.key);
  }

  failed(time: number): void {
    if (this.keys !== this.inside.names.keys) this.renumber();
    const lane = new MemoryLane({ ...this.of, kind: 'failed' }, this.inside);
    lane.addNumbered(time, this.offset, this.key);
  }

  /** While the record was in its handler, the ledger has forgotten keys. */
  private renumber(): void {
    const { keys } = this.inside.names;
    this.key = keys.numberOf(this.keys.nameOf(this.key));
    this.keys = keys;
  }
}
