import type { Key, KeyNumbers } from '../trails/key-numbers.js';
import type { Names } from '../trails/names.js';
import type { Columns } from '../trails/rows.js';
import type { Part, Trail } from '../trails/trail.js';
import { QuickRecords } from './quick-records.js';
import type { FactWriter, QuickHandling, RecordHead, SharedFields } from './writer.js';

/** What a writer needs of its ledger. */
export interface LedgerAccess {
  /** `keys` is another one once the ledger has forgotten some. */
  readonly names: { readonly members: Names; readonly keys: KeyNumbers };
  readonly clock: () => number;
  trail(shared: SharedFields): Trail;
  /** Who has records that are not written yet: one at a time, so that facts are written in their order. */
  readonly buffering: Buffering | undefined;
  /** Has them written; from then on `next` may have some, if given. */
  flush(next?: Buffering): void;
  /** Called after facts, with how many. */
  added(count: number): void;
}

export interface Buffering {
  write(): void;
}

/** The writer of a ledger in memory: it looks for its trail once. */
export class MemoryWriter implements FactWriter {
  private place: { trail: Trail; part: Part } | undefined;
  private readonly member: number;

  constructor(
    private readonly shared: SharedFields,
    private readonly access: LedgerAccess,
  ) {
    this.member = access.names.members.numberOf(shared.member);
  }

  add(time: number, offset: number, key: Key): void {
    this.addNumbered(time, offset, this.access.names.keys.numberOf(key));
  }

  /** `key` by its number. */
  addNumbered(time: number, offset: number, key: number): void {
    const { trail, part } = (this.place ??= this.find());
    trail.add(part, this.member, time, offset, key);
    this.access.added(1);
  }

  /** Many at once, of which `added` is not told. */
  addMany(columns: Columns): void {
    const { trail, part } = (this.place ??= this.find());
    trail.addMany(part, this.member, columns);
  }

  /** Not before the first fact: a partition of which nothing was written is not in the ledger. */
  private find() {
    const trail = this.access.trail(this.shared);
    return { trail, part: trail.part(this.shared.partition) };
  }
}

/** A record's way through its handler, for a ledger in memory: its key is looked up once. */
export class MemoryHandling implements QuickHandling, Buffering {
  private readonly toDelivered: MemoryWriter;
  private readonly toProcessed: MemoryWriter;
  /** The record that is in the handler, as far as it is written. */
  private record = { offset: 0, key: 0 };
  /** Where the key's number comes from. The key itself would keep all that was fetched with it. */
  private keys: KeyNumbers;
  private quick: QuickRecords | undefined;

  constructor(
    private readonly shared: Omit<SharedFields, 'kind'>,
    private readonly access: LedgerAccess,
  ) {
    this.toDelivered = new MemoryWriter({ ...shared, kind: 'delivered' }, access);
    this.toProcessed = new MemoryWriter({ ...shared, kind: 'processed' }, access);
    this.keys = access.names.keys;
  }

  delivered(time: number, { offset, key }: RecordHead): void {
    this.access.flush();
    const { keys } = this.access.names;
    this.keys = keys;
    this.record = { offset: Number(offset), key: keys.numberOf(key) };
    this.toDelivered.addNumbered(time, this.record.offset, this.record.key);
  }

  next(time: number, record: RecordHead): void {
    const { access } = this;
    const quick = (this.quick ??= new QuickRecords());
    if (access.buffering !== this) access.flush(this);
    quick.add(time, record);
    if (quick.isFull) access.flush();
  }

  passed(time: number): void {
    this.quick?.passed(time);
  }

  processed(time: number): void {
    this.addTo(this.toProcessed, time);
  }

  failed(time: number): void {
    this.addTo(new MemoryWriter({ ...this.shared, kind: 'failed' }, this.access), time);
  }

  write(): void {
    const { quick } = this;
    if (!quick) return;
    this.renumber();
    const count = 2 * quick.length;
    const { delivered, processed, last } = quick.end(this.record, this.keys, this.access.clock);
    this.record = last;
    this.toProcessed.addMany(processed);
    this.toDelivered.addMany(delivered);
    this.access.added(count);
  }

  private addTo(writer: MemoryWriter, time: number): void {
    this.access.flush();
    this.renumber();
    writer.addNumbered(time, this.record.offset, this.record.key);
  }

  /** While the record was in its handler, the ledger may have forgotten keys. */
  private renumber(): void {
    const { keys } = this.access.names;
    if (this.keys === keys) return;
    this.record.key = keys.numberOf(this.keys.nameOf(this.record.key));
    this.keys = keys;
  }
}
