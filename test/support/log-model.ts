import type { Fact, LogFact, OffsetRange } from '../../lib/src/ledger/index.ts';

/** An offset of a log, as the broker has it. */
interface Slot {
  what: 'record' | 'marker';
  /** Whether a watched producer wrote it. */
  isOwn: boolean;
  state: 'committed' | 'open' | 'aborted';
  /** Whether the ledger can know its offset: acknowledged, or read since. */
  isKnown: boolean;
  /** Compaction has not removed it. */
  isThere: boolean;
  /** Whether the producer has told how its transaction ended. */
  isTold: boolean;
  key: string;
}

/** Facts of one process come in their order; those of others may be late. */
export interface Told {
  by: 'producer' | 'consumer' | 'looker';
  fact: Fact;
}

export interface Transaction {
  partitions: Set<PartitionModel>;
  slots: { of: PartitionModel; offset: number }[];
}

const GROUP = 'readers';

/** What is true of one partition and the group that reads it: a list of slots, and no cleverness. */
export class PartitionModel {
  readonly slots: Slot[] = [];
  /** Known records that the log has lost from its end, by offset. */
  readonly lost = new Set<number>();
  start = 0;
  deletedTo = 0;
  bookmark: number | undefined;
  firstBookmark = Infinity;
  position = 0;
  readonly delivered = new Map<number, number>();
  readonly processed = new Map<number, number>();
  sent = 0;
  refused = 0;
  neverAppended = 0;
  isCut = false;
  hadRecords = false;

  constructor(
    readonly topic: string,
    readonly partition: number,
  ) {}

  get end(): number {
    return this.slots.length;
  }

  get stable(): number {
    const open = this.slots.findIndex(({ state }) => state === 'open');
    return open < 0 ? this.end : open;
  }

  get lag(): number {
    return Math.max(0, this.end - (this.bookmark ?? this.start));
  }

  get inDoubt(): number {
    return this.sent - this.neverAppended;
  }

  fate(offset: number): string | undefined {
    if (this.lost.has(offset)) return 'lost';
    const slot = this.slots[offset];
    if (!slot) return undefined;
    // What was read there is not final as long as an older transaction is open.
    const isStable = offset < this.stable;
    if (slot.what === 'marker') return isStable ? 'marker' : undefined;
    if (slot.state === 'aborted') return slot.isTold || isStable ? 'aborted' : 'open';
    if (!slot.isOwn || !slot.isKnown) return slot.isThere ? undefined : 'compacted';
    if (offset < this.deletedTo) return 'deleted';
    if (offset < this.start) return 'expired';
    if (slot.state === 'open' || !(slot.isTold || isStable)) return 'open';
    return slot.isThere ? 'produced' : 'compacted';
  }

  /** Offsets of known records, those that were lost too. */
  get known(): number[] {
    const found = [...this.slots.entries()].filter(
      ([, slot]) => slot.what === 'record' && slot.isOwn && slot.isKnown,
    );
    return [...found.map(([offset]) => offset), ...this.lost];
  }
}

/** Brokers, producers and a group, whose doings are told as facts. */
export class World {
  readonly told: Told[] = [];
  readonly partitions: PartitionModel[];
  /** After each step: when, and the lag of each topic. */
  readonly lags: { time: number; lag: Map<string, number> }[] = [];
  readonly group = GROUP;
  readonly topics = ['orders', 'mails'];
  private readonly transactions: Transaction[] = [];
  private time = 1000;
  private keys = 0;

  constructor() {
    this.partitions = this.topics.flatMap((topic) =>
      [0, 1].map((partition) => new PartitionModel(topic, partition)),
    );
  }

  /** Ends a step: what has changed, somebody sees. */
  end(touched: Iterable<PartitionModel>): void {
    for (const of of touched) this.look(of);
    const lag = new Map<string, number>();
    for (const { topic, lag: own } of this.partitions) lag.set(topic, (lag.get(topic) ?? 0) + own);
    this.lags.push({ time: this.time, lag });
  }

  produce(of: PartitionModel, many: number, isOwn: boolean): void {
    for (let n = 0; n < many && !of.isCut; n++) {
      const key = this.append(of, { isOwn, isKnown: isOwn });
      if (isOwn) this.tell('producer', { ...this.record(of, of.end - 1, key), kind: 'produced' });
    }
  }

  /** `isStored` false: it never came to the broker. */
  sendBlindly(of: PartitionModel, isStored: boolean): void {
    if (of.isCut) return;
    of.sent++;
    const key = isStored ? this.append(of, { isOwn: true, isKnown: false }) : `key-${this.keys++}`;
    if (!isStored) of.neverAppended++;
    this.tell('producer', { ...this.send(of, key), kind: 'in doubt' });
  }

  refuse(of: PartitionModel): void {
    of.refused++;
    this.tell('producer', { ...this.send(of, `key-${this.keys++}`), kind: 'refused' });
  }

  /** Writes in a transaction that is open, or in a new one. */
  write(of: PartitionModel, which: number, many: number): void {
    if (of.isCut) return;
    const transaction = this.transactions[which] ?? { partitions: new Set(), slots: [] };
    this.transactions[which] = transaction;
    transaction.partitions.add(of);
    for (let n = 0; n < many; n++) {
      const key = this.append(of, { isOwn: true, isKnown: true, state: 'open' });
      transaction.slots.push({ of, offset: of.end - 1 });
      this.tell('producer', { ...this.record(of, of.end - 1, key), kind: 'pending' });
    }
  }

  /** `isTold` false: the producer never learns of it. Returns the partitions that have a marker now. */
  finish(which: number, state: 'committed' | 'aborted', isTold: boolean): PartitionModel[] {
    const transaction = this.transactions[which];
    if (!transaction) return [];
    delete this.transactions[which];
    for (const { of, offset } of transaction.slots) {
      const slot = of.slots[offset] as Slot;
      slot.state = state;
      slot.isTold = isTold;
      const kind = state === 'committed' ? 'produced' : 'aborted';
      if (isTold) this.tell('producer', { ...this.record(of, offset, slot.key), kind });
    }
    for (const of of transaction.partitions) this.append(of, { what: 'marker', isOwn: false });
    return [...transaction.partitions];
  }

  /** Every other offset of some, so that there are holes. */
  compact(of: PartitionModel, from: number, many: number, every: number): void {
    this.read(of, of.start, of.stable);
    const to = Math.min(from + many, of.stable, of.end - 1);
    for (let offset = Math.max(from, of.start); offset < to; offset += every)
      (of.slots[offset] as Slot).isThere = false;
  }

  /** Whoever deletes tells it; retention tells nobody. */
  cut(of: PartitionModel, many: number, isDeletion: boolean): void {
    this.read(of, of.start, of.stable);
    of.start = Math.min(of.stable, of.start + many);
    if (!isDeletion || many === 0) return;
    of.deletedTo = of.start;
    const { topic, partition, start: offset } = of;
    const place = { topic, partition, offset, group: '' as const, member: 'admin' };
    this.tell('producer', { kind: 'deleted', time: this.tick(), ...place });
  }

  /** The log loses plain records from its end, and nothing is written any more. */
  lose(of: PartitionModel, many: number): void {
    if (of.stable < of.end) return;
    of.isCut = true;
    for (let n = 0; n < many && of.end > of.start; n++) {
      const last = of.slots.at(-1) as Slot;
      if (last.what === 'marker' || last.state !== 'committed' || !last.isThere) break;
      if (this.isOfTransaction(of)) break;
      of.slots.pop();
      if (last.isOwn && last.isKnown) of.lost.add(of.end);
    }
  }

  /** Reads records, does some of them, and commits. `isDirty`: those of open and aborted transactions, too. */
  consume(
    of: PartitionModel,
    {
      many,
      isDirty,
      leaves,
      commits,
    }: { many: number; isDirty: boolean; leaves: number; commits: boolean },
  ): void {
    const to = isDirty ? of.end : of.stable;
    const from = Math.max(of.position, of.start);
    let done = 0;
    for (let offset = from; offset < to && done < many; offset++) {
      const slot = of.slots[offset] as Slot;
      const isSeen =
        slot.what === 'record' && slot.isThere && (isDirty || slot.state === 'committed');
      if (!isSeen) continue;
      this.handle(of, offset, slot, done++ % leaves > 0);
      of.position = offset + 1;
    }
    if (done > 0 && commits) this.move(of, of.position);
    if (!isDirty) this.read(of, from, of.position);
  }

  private handle(of: PartitionModel, offset: number, slot: Slot, isDone: boolean): void {
    if (slot.isOwn && !slot.isKnown) of.sent--;
    slot.isKnown = true;
    const fact = { ...this.record(of, offset, slot.key), group: GROUP, member: 'a' };
    of.delivered.set(offset, (of.delivered.get(offset) ?? 0) + 1);
    this.tell('consumer', { ...fact, kind: 'delivered' });
    if (!isDone) return;
    of.processed.set(offset, (of.processed.get(offset) ?? 0) + 1);
    this.tell('consumer', { ...fact, kind: 'processed', time: this.tick() });
  }

  /** The bookmark; undefined takes it away. */
  move(of: PartitionModel, offset: number | undefined): void {
    of.bookmark = offset;
    of.position = offset ?? of.start;
    if (offset !== undefined) of.firstBookmark = Math.min(of.firstBookmark, offset);
    const { topic, partition } = of;
    const place = { topic, partition, offset: offset ?? -1, group: GROUP, member: 'a' };
    this.tell('consumer', { kind: 'committed', time: this.tick(), ...place });
  }

  look(of: PartitionModel): void {
    this.tell('looker', this.shown(of));
  }

  read(of: PartitionModel, from: number, upTo: number): void {
    const to = Math.min(upTo, of.end);
    if (from >= to) return;
    const found = { markers: [], aborted: [], compacted: [] } as Record<string, OffsetRange[]>;
    for (let offset = from; offset < to; offset++) {
      const slot = of.slots[offset] as Slot;
      const kind = !slot.isThere
        ? 'compacted'
        : slot.what === 'marker'
          ? 'markers'
          : slot.state === 'aborted'
            ? 'aborted'
            : undefined;
      if (kind) found[kind]?.push({ from: offset, to: offset + 1 });
    }
    const { markers = [], aborted = [], compacted = [] } = found;
    this.tell('looker', { ...this.shown(of), read: { from, to, markers, aborted, compacted } });
  }

  private shown({ topic, partition, start, stable, end }: PartitionModel): LogFact {
    const log = { topic, partition, start, stable, end };
    return { kind: 'log', time: this.tick(), group: '', member: 'looker', ...log };
  }

  private isOfTransaction(of: PartitionModel): boolean {
    const { key } = of.slots.at(-1) as Slot;
    return this.told.some(({ fact }) => fact.kind === 'pending' && fact.key === key);
  }

  private append(of: PartitionModel, slot: Partial<Slot>): string {
    const key = `key-${this.keys++}`;
    const usual = { what: 'record', isOwn: true, state: 'committed', isKnown: false } as const;
    of.hadRecords = true;
    of.slots.push({ ...usual, isThere: true, isTold: true, key, ...slot });
    return key;
  }

  private record({ topic, partition }: PartitionModel, offset: number, key: string) {
    return { time: this.tick(), group: '', member: 'shop', topic, partition, offset, key };
  }

  private send({ topic, partition }: PartitionModel, key: string) {
    return { time: this.tick(), group: '' as const, member: 'shop', topic, partition, key };
  }

  private tell(by: Told['by'], fact: Fact): void {
    this.told.push({ by, fact });
  }

  private tick(): number {
    return (this.time += 1);
  }
}
