import { Doubts, type Sent } from '../logs/doubts.js';
import { endAt } from '../logs/log-view.js';
import { OffsetCounts } from '../trails/counts.js';
import type { Trail } from '../trails/trail.js';
import type { DoubtFact, RecordFact } from './facts.js';
import type { Logs } from './logs.js';
import { LATE_FACTS } from './settling.js';
import type { Place, Unanswerable } from './sums.js';
import type { Trails } from './trails.js';

/** A record that was sent and not acknowledged. */
export interface Unanswered {
  kind: 'refused' | 'in doubt';
  time: number;
  partition: number;
}

/** Of so many refused records it is known when. */
const MOST_TIMES = 4096;

/** Records that were sent, and of which no offset is known: in doubt until somebody reads them, or refused. */
export class Doubtful {
  private readonly doubts = new Doubts();
  /** By topic and partition: how many the broker has refused. */
  private readonly refusals = new Map<string, Map<number, number>>();
  private readonly refusedAt: (Unanswered & { topic: string })[] = [];
  /** Of each delivered record up to here it is known whether it was in doubt. */
  private readonly searched = new Map<Trail, number>();
  /** By topic: how many facts and answers there were when it was looked at last. */
  private readonly seen = new Map<string, number>();
  /** By topic and partition: the records whose offset is known since somebody read them. */
  private readonly found = new Map<string, OffsetCounts>();

  constructor(
    private readonly trails: Trails,
    private readonly logs: Logs,
    private readonly record: (fact: RecordFact) => void,
  ) {}

  take(fact: DoubtFact): void {
    const { kind, topic, partition } = fact;
    if (kind === 'in doubt') {
      this.doubts.add(fact);
      this.seen.delete(topic); // somebody may have read it before this was told
      return;
    }
    this.refusedAt.push({ kind, time: fact.time, partition, topic });
    if (this.refusedAt.length > MOST_TIMES) this.refusedAt.shift();
    this.countRefused(topic, partition, 1);
  }

  private countRefused(topic: string, partition: number, count: number): void {
    const refused = this.refusals.get(topic) ?? new Map<number, number>();
    this.refusals.set(topic, refused.set(partition, (refused.get(partition) ?? 0) + count));
  }

  /** All that is kept, as `takeKept` takes it. */
  *[Symbol.iterator](): Generator<Unanswerable> {
    for (const { topic, partition, time } of this.refusedAt)
      yield { kind: 'was refused', topic, partition, time };
    for (const [topic, counts] of this.refusals)
      for (const [partition, count] of counts) {
        const isMeant = (one: Place) => one.topic === topic && one.partition === partition;
        const more = count - this.refusedAt.filter(isMeant).length;
        if (more > 0) yield { kind: 'more refused', topic, partition, count: more };
      }
    for (const { isRefused, ...sent } of this.doubts.each())
      yield { kind: isRefused ? 'never appended' : 'doubtful', ...sent };
    for (const more of this.doubts.more()) yield { kind: 'more doubtful', ...more };
  }

  /** Takes what another ledger kept. */
  takeKept(kept: Unanswerable): void {
    const { topic, partition } = kept;
    if ('count' in kept) {
      if (kept.kind === 'more refused') this.countRefused(topic, partition, kept.count);
      else this.doubts.takeMore(topic, partition, kept.count);
    } else if (kept.kind === 'was refused')
      this.take({ ...kept, kind: 'refused', group: '', member: '', key: null });
    else this.doubts.takeKept({ ...kept, isRefused: kept.kind === 'never appended' });
  }

  inDoubt(topic: string): Map<number, number> {
    return this.doubts.of(topic);
  }

  refused(topic: string): Map<number, number> {
    const all = new Map(this.refusals.get(topic));
    for (const [partition, many] of this.doubts.refused(topic))
      all.set(partition, (all.get(partition) ?? 0) + many);
    return new Map([...all].sort(([a], [b]) => a - b));
  }

  /** Both, each with its time, oldest first. */
  unanswered(topic: string): Unanswered[] {
    const refused = this.refusedAt.filter((one) => one.topic === topic);
    const doubts = this.doubts.sent(topic).map(({ partition, time, isRefused }): Unanswered => {
      return { kind: isRefused ? 'refused' : 'in doubt', time, partition };
    });
    const all = [...refused.map(({ topic: _, ...one }) => one), ...doubts];
    return all.sort((a, b) => a.time - b.time);
  }

  /** Looks only where something has come since the last time: it is called with every read of the ledger, which has the detail from `keptFrom` on. */
  settle(keptFrom: number): void {
    for (const topic of this.doubts.topics())
      if (this.hasNews(topic)) this.settleTopic(topic, keptFrom);
  }

  private hasNews(topic: string): boolean {
    const trails = [...acknowledgedIn(this.trails, topic), ...this.deliveredIn(topic)];
    const known = trails.reduce((sum, { total }) => sum + total, this.logs.answers(topic));
    if (this.seen.get(topic) === known) return false;
    this.seen.set(topic, known);
    return true;
  }

  private settleTopic(topic: string, keptFrom: number): void {
    const found = this.deliveredIn(topic).flatMap((trail) => this.foundIn(trail));
    for (const fact of found) this.record(fact);
    // Where the log ended when a record was sent is not known any more of those before.
    const isNowhere = (partition: number, sent: Sent) =>
      sent.time >= keptFrom && this.isNowhere(topic, partition, sent);
    for (const partition of this.doubts.of(topic).keys())
      if (this.hasAcknowledged(topic, partition))
        this.doubts.settle(topic, partition, (sent) => isNowhere(partition, sent));
  }

  /** With acks 0 alone there is none: all that is known was in doubt. */
  private hasAcknowledged(topic: string, partition: number): boolean {
    const [produced, pending] = acknowledgedIn(this.trails, topic).map((trail) =>
      trail.offsets(partition),
    ) as [OffsetCounts, OffsetCounts];
    return pending.distinct > 0 || produced.distinct > this.foundAt(topic, partition).distinct;
  }

  private deliveredIn(topic: string): Trail[] {
    return this.trails.of('delivered').filter((trail) => trail.topic === topic);
  }

  /** Whoever was delivered a record of which no offset was known tells its offset. */
  private foundIn(trail: Trail): RecordFact[] {
    const found: RecordFact[] = [];
    const before = (this.searched.get(trail) ?? 0) - trail.forgotten - LATE_FACTS;
    this.searched.set(trail, trail.total);
    for (let i = Math.max(0, before); i < trail.length; i++) found.push(...this.resolved(trail, i));
    return found;
  }

  private resolved(trail: Trail, i: number): RecordFact[] {
    const { topic } = trail;
    const [partition, offset, key] = [trail.partition(i), trail.offset(i), trail.key(i)];
    if (this.isKnown(topic, partition, offset)) return [];
    const sent = this.doubts.take(topic, partition, key);
    if (!sent) return [];
    this.foundAt(topic, partition).add(offset);
    const { time, member } = sent;
    return [{ kind: 'produced', group: '', member, time, topic, partition, offset, key }];
  }

  private isKnown(topic: string, partition: number, offset: number): boolean {
    return (
      acknowledgedIn(this.trails, topic).some((trail) => trail.offsets(partition).at(offset) > 0) ||
      this.foundAt(topic, partition).at(offset) > 0
    );
  }

  private foundAt(topic: string, partition: number): OffsetCounts {
    const place = `${topic}/${partition}`;
    const found = this.found.get(place) ?? new OffsetCounts();
    this.found.set(place, found);
    return found;
  }

  /**
   * Its producer sent another one later, which was acknowledged, and each offset before that, from the end of the log on as it
   * was when this one was sent, is another record's or a marker.
   */
  private isNowhere(topic: string, partition: number, { time, member }: Sent): boolean {
    const next = this.acknowledgedAfter(topic, partition, { time, member });
    if (next === undefined) return false;
    const told = this.logs.known(topic, partition)?.told;
    const first = endAt(acknowledgedIn(this.trails, topic), told, partition, time);
    if (first > next) return false;
    for (let offset = first; offset < next; offset++)
      if (!this.isTaken(topic, partition, offset)) return false;
    return true;
  }

  private isTaken(topic: string, partition: number, offset: number): boolean {
    return (
      this.isKnown(topic, partition, offset) ||
      (this.logs.known(topic, partition)?.isTakenAt(offset) ?? false) ||
      this.deliveredIn(topic).some((trail) => trail.offsets(partition).at(offset) > 0)
    );
  }

  /** The offset of the first record of a member that was acknowledged later. */
  private acknowledgedAfter(
    topic: string,
    partition: number,
    { time, member }: Pick<Sent, 'time' | 'member'>,
  ): number | undefined {
    const found = this.foundAt(topic, partition);
    for (const trail of acknowledgedIn(this.trails, topic).slice(0, 2)) {
      for (let i = trail.firstAt(time); i < trail.length; i++) {
        const isMeant = trail.partition(i) === partition && trail.member(i) === member;
        const offset = trail.offset(i);
        if (isMeant && trail.time(i) > time && found.at(offset) === 0) return offset;
      }
    }
    return undefined;
  }
}

function acknowledgedIn(trails: Trails, topic: string): Trail[] {
  return (['produced', 'pending', 'aborted'] as const).map((kind) => trails.get(kind, '', topic));
}
