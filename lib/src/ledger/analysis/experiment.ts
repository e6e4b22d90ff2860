import { LaterLog, type PartitionLog } from '../logs/partition-log.js';
import { now } from '../store/clock.js';
import type { Unanswered } from '../store/doubtful.js';
import type { Scope } from '../store/fact-rows.js';
import type { BrokerFact, Fact, MemberFact, QueueFact, ReplicaFact } from '../store/facts.js';
import { Ledger } from '../store/ledger.js';
import type { Place } from '../store/place.js';
import type { Content } from '../store/sums.js';
import type { TrailKind } from '../store/trails.js';
import type { Trail } from '../trails/trail.js';

/** Where an experiment begins. */
export interface Begun {
  /** When it was made, in ms since 1970. */
  time: number;
  /** By topic and partition: where the logs ended, and how many records had been refused. */
  ends: Map<string, Map<number, number>>;
  refused: Map<string, Map<number, number>>;
}

/**
 * A ledger from here on: the records that are produced after it was made, and what becomes of them. Of records that were there
 * before it knows nothing; of members all, since who owns what now was decided earlier. What is recorded goes to the whole ledger.
 */
export class Experiment extends Ledger {
  private readonly cuts = new WeakMap<Trail, { version: number; cut: Trail }>();

  /** @param begun where it begins, if that is not now */
  constructor(
    private readonly whole: Ledger,
    private readonly begun: Begun = beginning(whole),
  ) {
    super();
  }

  override get version(): number {
    return this.whole.version;
  }

  override get keptFrom(): number {
    return this.whole.keptFrom;
  }

  /** Of those that were sent before, too: they have no offset that would tell. */
  override inDoubt(topic: string): Map<number, number> {
    return this.whole.inDoubt(topic);
  }

  override refused(topic: string): Map<number, number> {
    const before = this.begun.refused.get(topic);
    const since = [...this.whole.refused(topic)].map(([partition, many]): [number, number] => [
      partition,
      many - (before?.get(partition) ?? 0),
    ]);
    return new Map(since.filter(([, many]) => many > 0));
  }

  override unanswered(topic: string): Unanswered[] {
    return this.whole.unanswered(topic).filter(({ time }) => time >= this.begun.time);
  }

  override replicas(topic: string): ReplicaFact[] {
    return this.whole.replicas(topic);
  }

  override brokers(): readonly BrokerFact[] {
    return this.whole.brokers();
  }

  /** Of messages that were delivered before, their ends too: whoever asks for deliveries does not find them. */
  override queue(name: string): QueueFact[] {
    const isMember = ({ event }: QueueFact) => event === 'consuming' || event === 'cancelled';
    return this.whole.queue(name).filter((fact) => isMember(fact) || fact.time >= this.begun.time);
  }

  override get hasForgottenQueues(): boolean {
    return this.whole.hasForgottenQueues;
  }

  override get topics(): string[] {
    return this.whole.topics;
  }

  override log(topic: string): Map<number, PartitionLog> {
    const logs = [...this.whole.log(topic)].map(([partition, log]): [number, LaterLog] => [
      partition,
      new LaterLog(log, this.begun.ends.get(topic)?.get(partition) ?? 0),
    ]);
    return new Map(logs.filter(([, { first, end }]) => end > first));
  }

  override record(fact: Fact): void {
    this.whole.record(fact);
  }

  override onFact(listener: () => void): () => void {
    return this.whole.onFact(listener);
  }

  override preview(place: Place) {
    return this.whole.preview(place);
  }

  override members(scope?: Scope): MemberFact[] {
    return this.whole.members(scope);
  }

  override trail(kind: TrailKind, of: { group?: string; topic: string }): Trail {
    return this.cut(kind, this.whole.trail(kind, of));
  }

  override trailsOf(kind: TrailKind, scope?: Scope): Trail[] {
    return this.whole.trailsOf(kind, scope).map((trail) => this.cut(kind, trail));
  }

  override get memberNames(): readonly string[] {
    return this.whole.memberNames;
  }

  /** What the whole ledger holds, and where this one begins in it. */
  override *contents(): Generator<Content> {
    yield* this.whole.contents();
    const { time, ends, refused } = this.begun;
    yield { kind: 'experiment', time };
    for (const [topic, parts] of ends)
      for (const [partition, offset] of parts) yield { kind: 'from', topic, partition, offset };
    for (const [topic, parts] of refused)
      for (const [partition, count] of parts)
        yield { kind: 'refused before', topic, partition, count };
  }

  private cut(kind: TrailKind, trail: Trail): Trail {
    const { version } = this.whole;
    const known = this.cuts.get(trail);
    if (known?.version === version) return known.cut;
    // A commit tells the next offset: one to the start is about records before it.
    const first = kind === 'committed' ? 1 : 0;
    const cut = trail.from(
      (partition) => (this.begun.ends.get(trail.topic)?.get(partition) ?? -1) + first,
    );
    this.cuts.set(trail, { version, cut });
    return cut;
  }
}

function beginning(whole: Ledger): Begun {
  const ends = new Map<string, Map<number, number>>();
  const refused = new Map<string, Map<number, number>>();
  for (const topic of whole.topics) {
    refused.set(topic, whole.refused(topic));
    const logs = [...whole.log(topic)];
    ends.set(topic, new Map(logs.map(([partition, { end }]) => [partition, end])));
  }
  return { time: now(), ends, refused };
}
