import type { PartitionLog } from '../logs/partition-log.js';
import type { Trail } from '../trails/trail.js';
import { now } from './clock.js';
import { ClusterFacts } from './cluster-facts.js';
import { contentsOf, isSum, type Parts, takeSum } from './contents.js';
import { Doubtful, type Unanswered } from './doubtful.js';
import { batchAt, commitAt, recordAt, rows, type Scope, shareAt } from './fact-rows.js';
import type {
  BatchFact,
  BrokerFact,
  CommitFact,
  DeletionFact,
  Fact,
  LogFact,
  LossFact,
  MemberFact,
  QueueFact,
  Recorder,
  RecordFact,
  RecordKind,
  ReplicaFact,
  ShareFact,
  ShareKind,
} from './facts.js';
import { Logs } from './logs.js';
import {
  type Buffering,
  type LedgerAccess,
  MemoryHandling,
  MemoryWriter,
} from './memory-writer.js';
import type { Place } from './place.js';
import { type Preview, Previews, type ValueWriter } from './previews.js';
import { QueueFacts } from './queue-facts.js';
import { Settling } from './settling.js';
import type { Beginning, Content } from './sums.js';
import { type TrailKind, Trails } from './trails.js';
import type { FactWriter, QuickHandling, SharedFields } from './writer.js';

/** 100,000 records produced, delivered, processed and committed: some 18 MB. */
const MOST_FACTS = 400_000;
/** Where too little could be given up, since many groups have few facts each, it is tried again after so many more. */
const SHARE_BETWEEN = 1 / 16;

/**
 * What happened. The one source of charts, checks and predictions: nothing here comes from what the code intended.
 * Of 400,000 facts about records the detail is kept, of older ones only counts; of the newest 4,096 values that were produced
 * here, how they begin.
 */
export class Ledger implements Recorder {
  private readonly trails = new Trails();
  private readonly logs = new Logs(this.trails);
  private readonly previews = new Previews();
  private readonly doubtful = new Doubtful(this.trails, this.logs, (fact) => this.record(fact));
  private readonly settling = new Settling(this.trails, this.logs, (fact) => this.record(fact));
  private readonly cluster = new ClusterFacts();
  private readonly queueFacts = new QueueFacts();
  private readonly memberFacts: MemberFact[] = [];
  private readonly listeners = new Set<() => void>();
  private isSettling = false;
  private forgottenUntil = 0;
  private counted = 0;
  private kept = 0;
  /** When to forget next. */
  private mostKept: number;
  private readonly access: LedgerAccess & { buffering: Buffering | undefined } = {
    names: this.trails.names,
    clock: () => this.clock(),
    trail: ({ kind, group, topic }) => this.trails.forWriting(kind, group, topic),
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
    if (fact.kind === 'in doubt' || fact.kind === 'refused') {
      this.doubtful.take(fact);
      this.notify(1);
    } else if (fact.kind === 'log') this.takeLog(fact);
    else if (fact.kind === 'replicas' || fact.kind === 'broker') {
      this.cluster.take(fact);
      this.notify(1);
    } else if (fact.kind === 'queue') {
      this.queueFacts.take(fact);
      this.notify(1);
    } else if ('key' in fact && 'offset' in fact)
      this.addRow(fact, this.trails.names.keys.numberOf(fact.key));
    else if (fact.kind === 'committed' || fact.kind === 'deleted') this.addRow(fact, 0);
    else if (fact.kind === 'fetched') this.addRow(fact, fact.records);
    else if ('deliveries' in fact) this.addRow(fact, fact.deliveries);
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
    return this.doubtful.inDoubt(topic);
  }

  /** How many records of each partition of a topic were sent and never appended. */
  refused(topic: string): Map<number, number> {
    this.flush();
    return this.doubtful.refused(topic);
  }

  /** Records of a topic that were refused, and those in doubt: when they were sent, or refused. Oldest first, of many the newest. */
  unanswered(topic: string): Unanswered[] {
    this.flush();
    return this.doubtful.unanswered(topic);
  }

  /** Who led the partitions of a topic and who was in sync, each time that brokers answered something new; oldest first. */
  replicas(topic: string): ReplicaFact[] {
    return this.cluster.replicas(topic);
  }

  /** What was done to brokers, oldest first. */
  brokers(): readonly BrokerFact[] {
    return this.cluster.brokers;
  }

  /** What consumers of an AMQP queue did, oldest first: the newest 10,000 of all queues. */
  queue(name: string): QueueFact[] {
    return this.queueFacts.of(name);
  }

  /** Whether there was more about queues than is kept. */
  get hasForgottenQueues(): boolean {
    return this.queueFacts.isCut;
  }

  /** The topics of whose logs something is known. */
  get topics(): string[] {
    this.flush();
    return this.logs.topicNames;
  }

  /** What is known of the logs of a topic, by partition, in order; of a partition that was always empty, nothing. */
  log(topic: string): Map<number, PartitionLog> {
    this.flush();
    return this.logs.of(topic);
  }

  /** Where the log of a partition ends, as far as is known: 0 where nothing is. */
  knownEnd(topic: string, partition: number): number {
    this.flush();
    return this.logs.at(topic, partition)?.end ?? 0;
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
    return this.trails.get(kind, group, topic);
  }

  /** The same for every topic and group that the scope lets through. */
  trailsOf(kind: TrailKind, { group, topic }: Scope = {}): Trail[] {
    this.flush();
    return this.trails
      .of(kind)
      .filter(
        (trail) =>
          (group === undefined || trail.group === group) &&
          (topic === undefined || trail.topic === topic),
      );
  }

  /** The facts about records of one kind, oldest first. */
  records(kind: RecordKind, scope: Scope = {}): RecordFact[] {
    return rows(this.trailsOf(kind, scope), scope, recordAt(kind));
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
    return rows(this.trailsOf('committed', scope), scope, commitAt);
  }

  /** The batches that consumers were handed, oldest first. */
  batches(scope: Scope = {}): BatchFact[] {
    return rows(this.trailsOf('fetched', scope), scope, batchAt);
  }

  /** What became of records in share groups, of one kind, oldest first. */
  shares(kind: ShareKind, scope: Scope = {}): ShareFact[] {
    return rows(this.trailsOf(kind, scope), scope, shareAt(kind));
  }

  /**
   * All that it holds: what was concluded is there as such, and of what is forgotten there are sums. With `keptFrom`, `Ledger.of`
   * makes the same ledger of it.
   */
  *contents(): Generator<Content> {
    // What one look concludes may tell the next one more.
    for (let before = -1; before !== this.counted; ) {
      before = this.counted;
      this.flush();
    }
    yield* contentsOf(this.parts);
  }

  /**
   * A ledger of what another one held.
   * @param keptFrom of that one: it was over, and nothing is concluded or forgotten anew. Not given where facts come as they happened
   */
  static of(contents: Iterable<Exclude<Content, Beginning>>, keptFrom?: number): Ledger {
    const ledger = new Ledger();
    ledger.isSettling = keptFrom !== undefined;
    ledger.forgottenUntil = keptFrom ?? 0;
    for (const content of contents) ledger.take(content);
    return ledger;
  }

  /** The names under which members and producers are told of. */
  get memberNames(): readonly string[] {
    const told = this.memberFacts.map(({ member }) => member);
    return [...new Set([...this.trails.names.members, ...told])];
  }

  private take(content: Exclude<Content, Beginning>): void {
    if (content.kind === 'expired') this.addRow(content, 0);
    else if (isSum(content)) takeSum(this.parts, content);
    else this.record(content);
  }

  private get parts(): Parts {
    const { trails, logs, previews, doubtful, cluster, queueFacts, memberFacts } = this;
    return { trails, logs, previews, doubtful, cluster, queueFacts, memberFacts };
  }

  private addRow(fact: Omit<Row, 'kind'> & { kind: TrailKind }, value: number): void {
    const { kind, group, topic, time, offset, partition, member } = fact;
    const trail = this.trails.forWriting(kind, group, topic);
    const [part, by] = [trail.part(partition), this.trails.names.members.numberOf(member)];
    if (offset < 0) trail.addNone(part, by, time);
    else trail.add(part, by, time, offset, value);
    this.added(1);
  }

  private takeLog(fact: LogFact): void {
    const { topic, partition, start } = fact;
    const before = this.logs.at(topic, partition)?.start ?? Infinity;
    this.logs.take(fact);
    this.settling.take(fact);
    // Whoever deletes records through a watched client tells so.
    if (start > before) this.addRow({ ...fact, kind: 'expired', offset: start }, 0);
    this.added(1);
  }

  /** Writes what is buffered: whoever reads finds all that was recorded. */
  private flush(next?: Buffering): void {
    const { buffering } = this.access;
    this.access.buffering = undefined; // while it writes, listeners read
    buffering?.write();
    this.access.buffering = next;
    this.settle();
  }

  private settle(): void {
    if (this.isSettling) return;
    this.isSettling = true; // listeners read
    this.settling.settle();
    this.doubtful.settle(this.forgottenUntil);
    this.isSettling = false;
  }

  private added(count: number): void {
    this.kept += count;
    if (this.kept > this.mostKept && !this.isSettling) this.forget();
    this.notify(count);
  }

  private notify(count: number): void {
    this.counted += count;
    if (this.listeners.size > 0) for (const listener of this.listeners) listener();
  }

  /** Gives up the detail of the oldest facts, of all kinds up to the same moment, so that they still fit together. */
  private forget(): void {
    this.settle(); // by the detail of what was read
    const time = this.trails.oldPart;
    const dropped = this.logs.forgetBefore(time) + this.trails.forgetBefore(time);
    this.kept -= dropped;
    this.mostKept = Math.max(this.mostFacts, this.kept + this.mostFacts * SHARE_BETWEEN);
    if (dropped === 0) return;
    this.forgottenUntil = Math.max(this.forgottenUntil, time);
    this.trails.forgetKeys(this.kept);
  }
}

type Row = RecordFact | CommitFact | DeletionFact | BatchFact | ShareFact | LossFact;

function insert<T extends Fact>(facts: T[], fact: T): void {
  let at = facts.length;
  while (at > 0 && (facts[at - 1] as T).time > fact.time) at--;
  facts.splice(at, 0, fact);
}
