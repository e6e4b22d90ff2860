import { now } from './clock.js';
import { Doubts } from './doubts.js';
import type {
  BatchFact,
  CommitFact,
  DeletionFact,
  Fact,
  MemberFact,
  Recorder,
  RecordFact,
  RecordKind,
} from './facts.js';
import { KeyNumbers } from './key-numbers.js';
import {
  type Buffering,
  type LedgerAccess,
  MemoryHandling,
  MemoryWriter,
} from './memory-writer.js';
import { Names } from './names.js';
import { type Preview, Previews, type ValueWriter } from './previews.js';
import type { Place } from './tally.js';
import { Trail } from './trail.js';
import type { FactWriter, QuickHandling, SharedFields } from './writer.js';

/** Which facts: all of a group, of a topic, of a member; none given means all. */
export interface Scope {
  group?: string;
  topic?: string;
  member?: string;
}

export type TrailKind = RecordKind | 'committed' | 'deleted' | 'fetched';

/** 100,000 records produced, delivered, processed and committed: some 18 MB. */
const MOST_FACTS = 400_000;
const RECORD_KINDS: readonly RecordKind[] = [
  'produced',
  'pending',
  'aborted',
  'delivered',
  'processed',
  'failed',
];
/** A fact that comes late, from a process that tells it with a delay, stands among so many of the newest. */
const LATE_FACTS = 1024;
/** What is given up at once beyond that, as a share of the time that is remembered. */
const SHARE_FORGOTTEN = 0.25;
/** Where too little could be given up, since many groups have few facts each, it is tried again after so many more. */
const SHARE_BETWEEN = 1 / 16;

/**
 * What happened. The one source of charts, checks and predictions: nothing here comes from what the code intended.
 * Of 400,000 facts about records the detail is kept, of older ones only counts; of the newest 4,096 values that were produced
 * here, how they begin.
 */
export class Ledger implements Recorder {
  private readonly trails = new Map<TrailKind, Trail[]>();
  private readonly names = { members: new Names(), keys: new KeyNumbers() };
  private readonly previews = new Previews();
  private readonly doubts = new Doubts();
  /** Of each delivered record up to here it is known whether it was in doubt. */
  private readonly searched = new Map<Trail, number>();
  private readonly memberFacts: MemberFact[] = [];
  private readonly listeners = new Set<() => void>();
  private isResolving = false;
  private forgottenUntil = 0;
  private counted = 0;
  private kept = 0;
  /** When to forget next. */
  private mostKept: number;
  private readonly access: LedgerAccess & { buffering: Buffering | undefined } = {
    names: this.names,
    clock: () => this.clock(),
    trail: ({ kind, group, topic }) => this.trailFor(kind, group, topic),
    buffering: undefined,
    flush: (next) => this.flush(next),
    added: (count) => this.added(count),
  };

  /**
   * @param mostFacts how many facts about records are kept with their detail
   * @param clock tells when those came of which nobody has told the time, in ms since 1970
   */
  constructor(
    private readonly mostFacts = MOST_FACTS,
    private readonly clock: () => number = now,
  ) {
    this.mostKept = mostFacts;
  }

  /** Grows by one with every fact: two equal versions mean that nothing happened in between. */
  get version(): number {
    this.flush();
    return this.counted;
  }

  /**
   * Of all facts about records from then on the detail is kept, in ms since 1970; of older ones, where there were too many, only
   * sums. 0 while the ledger has forgotten nothing.
   */
  get keptFrom(): number {
    return this.forgottenUntil;
  }

  record(fact: Fact): void {
    if (fact.kind === 'in doubt' || fact.kind === 'refused' || fact.kind === 'log') {
      if (fact.kind === 'in doubt') this.doubts.add(fact);
      this.notify(1);
    } else if ('key' in fact && 'offset' in fact)
      this.addRow(fact, this.names.keys.numberOf(fact.key));
    else if (fact.kind === 'committed' || fact.kind === 'deleted') this.addRow(fact, 0);
    else if (fact.kind === 'fetched') this.addRow(fact, fact.records);
    else {
      insert(this.memberFacts, fact);
      this.notify(1);
    }
  }

  /** Records like `record`, for many facts about one partition: a tenth of the time. */
  writer(shared: SharedFields): FactWriter {
    return new MemoryWriter(shared, this.access);
  }

  /** The same for records that go through a handler. */
  handling(shared: Omit<SharedFields, 'kind'>): QuickHandling {
    return new MemoryHandling(shared, this.access);
  }

  /** Takes the values of produced records: how each begins is kept, of the newest 4,096. */
  values(topic: string, partition: number): ValueWriter {
    return this.previews.writer(topic, partition);
  }

  /**
   * How the value of a record begins. Undefined where that is not known: of a record that is not among the newest 4,096 produced
   * here and the newest 200 of its send, or that somebody else produced.
   */
  preview(place: Place): Preview | undefined {
    return this.previews.find(place);
  }

  /** How many records of each partition of a topic are in doubt: sent, of unknown offset, and not read by anybody yet. */
  inDoubt(topic: string): Map<number, number> {
    this.flush();
    return this.doubts.of(topic);
  }

  /**
   * Calls `listener` after every fact; where quick records come by the hundred, after some of them. Returns a function that
   * ends that.
   */
  onFact(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The facts of one kind about a topic, by index. `produced` has no group. */
  trail(kind: TrailKind, { group = '', topic }: { group?: string; topic: string }): Trail {
    this.flush();
    return this.find(kind, group, topic) ?? new Trail(group, topic, this.names);
  }

  /** The same for every topic and group that the scope lets through. */
  trailsOf(kind: TrailKind, { group, topic }: Scope = {}): Trail[] {
    this.flush();
    const all = this.trails.get(kind) ?? [];
    return all.filter(
      (trail) =>
        (group === undefined || trail.group === group) &&
        (topic === undefined || trail.topic === topic),
    );
  }

  /** The facts about records of one kind, oldest first. */
  records(kind: RecordKind, scope: Scope = {}): RecordFact[] {
    return this.rows(kind, scope, (trail, i) => ({ kind, ...place(trail, i), key: trail.key(i) }));
  }

  /** The facts about members, oldest first. */
  members({ group, member }: Scope = {}): MemberFact[] {
    return this.memberFacts.filter(
      (fact) =>
        (group === undefined || fact.group === group) &&
        (member === undefined || fact.member === member),
    );
  }

  /** The commits, oldest first. */
  commits(scope: Scope = {}): CommitFact[] {
    return this.rows('committed', scope, (trail, i) => ({ kind: 'committed', ...place(trail, i) }));
  }

  /** The batches that consumers were handed, oldest first. */
  batches(scope: Scope = {}): BatchFact[] {
    return this.rows('fetched', scope, (trail, i) => ({
      kind: 'fetched',
      ...place(trail, i),
      records: trail.value(i),
    }));
  }

  private rows<T extends { time: number }>(
    kind: TrailKind,
    scope: Scope,
    at: (trail: Trail, i: number) => T,
  ): T[] {
    const found: T[] = [];
    const trails = this.trailsOf(kind, scope);
    for (const trail of trails) {
      for (let i = 0; i < trail.length; i++) {
        if (scope.member === undefined || trail.member(i) === scope.member)
          found.push(at(trail, i));
      }
    }
    return trails.length > 1 ? found.sort((a, b) => a.time - b.time) : found;
  }

  private addRow(fact: RecordFact | CommitFact | DeletionFact | BatchFact, value: number): void {
    const { kind, group, topic, time, offset, partition, member } = fact;
    const trail = this.trailFor(kind, group, topic);
    const [part, by] = [trail.part(partition), this.names.members.numberOf(member)];
    if (offset < 0) trail.addNone(part, by, time);
    else trail.add(part, by, time, offset, value);
    this.added(1);
  }

  /** Writes what is buffered: whoever reads finds all that was recorded. */
  private flush(next?: Buffering): void {
    const { buffering } = this.access;
    this.access.buffering = undefined; // while it writes, listeners read
    buffering?.write();
    this.access.buffering = next;
    if (!this.doubts.isEmpty && !this.isResolving) this.resolveDoubts();
  }

  /** Whoever was delivered a record of which no offset was known tells its offset. */
  private resolveDoubts(): void {
    const found: RecordFact[] = [];
    for (const trail of this.trails.get('delivered') ?? []) {
      const before = (this.searched.get(trail) ?? 0) - trail.forgotten - LATE_FACTS;
      this.searched.set(trail, trail.total);
      for (let i = Math.max(0, before); i < trail.length; i++)
        found.push(...this.resolved(trail, i));
    }
    this.isResolving = true; // listeners read
    for (const fact of found) this.record(fact);
    this.isResolving = false;
  }

  private resolved(trail: Trail, i: number): RecordFact[] {
    const { topic } = trail;
    const [partition, offset, key] = [trail.partition(i), trail.offset(i), trail.key(i)];
    const isKnown = this.find('produced', '', topic)?.offsets(partition).at(offset);
    const sent = isKnown ? undefined : this.doubts.take(topic, partition, key);
    return sent ? [{ kind: 'produced', group: '', topic, partition, offset, ...sent, key }] : [];
  }

  private added(count: number): void {
    this.kept += count;
    if (this.kept > this.mostKept) this.forget();
    this.notify(count);
  }

  private notify(count: number): void {
    this.counted += count;
    if (this.listeners.size > 0) for (const listener of this.listeners) listener();
  }

  private trailFor(kind: TrailKind, group: string, topic: string): Trail {
    let trail = this.find(kind, group, topic);
    if (!trail) {
      trail = new Trail(group, topic, this.names);
      this.trails.set(kind, [...(this.trails.get(kind) ?? []), trail]);
    }
    return trail;
  }

  private find(kind: TrailKind, group: string, topic: string): Trail | undefined {
    return this.trails.get(kind)?.find((trail) => trail.group === group && trail.topic === topic);
  }

  /** Gives up the detail of the oldest facts, of all kinds up to the same moment, so that they still fit together. */
  private forget(): void {
    const all = [...this.trails.values()].flat();
    const longest = all.reduce((most, trail) => (trail.length > most.length ? trail : most));
    const time = longest.time(Math.floor(longest.length * SHARE_FORGOTTEN));
    const dropped = all.reduce((sum, trail) => sum + trail.forgetBefore(time), 0);
    this.kept -= dropped;
    this.mostKept = Math.max(this.mostFacts, this.kept + this.mostFacts * SHARE_BETWEEN);
    if (dropped > 0) this.forgottenUntil = Math.max(this.forgottenUntil, time);
    if (dropped > 0 && this.names.keys.size > this.kept * SHARE_FORGOTTEN) this.forgetKeys();
  }

  /** Where each record has a key of its own, the keys of what is forgotten would stay for ever. */
  private forgetKeys(): void {
    const keys = new KeyNumbers();
    for (const kind of RECORD_KINDS) for (const trail of this.trailsOf(kind)) trail.renumber(keys);
    this.names.keys = keys;
  }
}

function place(trail: Trail, i: number) {
  const { group, topic } = trail;
  return {
    time: trail.time(i),
    group,
    member: trail.member(i),
    topic,
    partition: trail.partition(i),
    offset: trail.offset(i),
  };
}

function insert<T extends Fact>(facts: T[], fact: T): void {
  let at = facts.length;
  while (at > 0 && (facts[at - 1] as T).time > fact.time) at--;
  facts.splice(at, 0, fact);
}
