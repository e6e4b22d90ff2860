import { settledRange } from '../logs/known-log.js';
import type { OffsetRange } from '../logs/ranges.js';
import type { Trail } from '../trails/trail.js';
import type { LogFact, RecordFact } from './facts.js';
import type { Logs } from './logs.js';
import type { Trails } from './trails.js';

/** A fact that comes late, from a process that tells it with a delay, stands among so many of the newest. */
export const LATE_FACTS = 1024;

interface Reading {
  fact: LogFact;
  range: OffsetRange;
}

/**
 * Records that were acknowledged in a transaction, and of which their producer never told how it ended: what a reader of
 * committed records finds tells it.
 */
export class Settling {
  /** What was read since the last time. */
  private readings: Reading[] = [];
  /** Of each pending record up to here it is known that nobody had read its place when it came. */
  private readonly searched = new Map<Trail, number>();

  constructor(
    private readonly trails: Trails,
    private readonly logs: Logs,
    private readonly record: (fact: RecordFact) => void,
  ) {}

  take(fact: LogFact): void {
    if (fact.read) this.readings.push({ fact, range: settledRange(fact, fact.read) });
  }

  settle(): void {
    const pending = this.trails.of('pending');
    const { readings } = this;
    this.readings = [];
    for (const { fact, range } of readings) {
      const trail = this.trails.find('pending', '', fact.topic);
      if (trail) this.settleRead(trail, fact, range);
    }
    for (const trail of pending) this.settleLate(trail);
  }

  private settleRead(pending: Trail, { partition, time }: LogFact, { from, to }: OffsetRange) {
    const open = new Set<number>();
    for (const [offset] of pending.offsets(partition).entries(from)) {
      if (offset >= to) break;
      if (!this.isOver(pending.topic, partition, offset)) open.add(offset);
    }
    for (let i = pending.length - 1; i >= 0 && open.size > 0; i--)
      if (pending.partition(i) === partition && open.delete(pending.offset(i)))
        this.end(pending, partition, pending.offset(i), { time, ...detail(pending, i) });
    // Of these the detail is forgotten.
    for (const offset of open)
      this.end(pending, partition, offset, { time, member: '', key: null });
  }

  /** Those of which a process has told after their place was read. */
  private settleLate(pending: Trail): void {
    const before = (this.searched.get(pending) ?? 0) - pending.forgotten - LATE_FACTS;
    if (this.searched.get(pending) === pending.total) return;
    this.searched.set(pending, pending.total);
    for (let i = Math.max(0, before); i < pending.length; i++) {
      const [partition, offset] = [pending.partition(i), pending.offset(i)];
      const log = this.logs.known(pending.topic, partition);
      if (!log?.read.has(offset) || this.isOver(pending.topic, partition, offset)) continue;
      const time = log.told.newest?.time ?? pending.time(i);
      this.end(pending, partition, offset, { time, ...detail(pending, i) });
    }
  }

  private isOver(topic: string, partition: number, offset: number): boolean {
    return (['produced', 'aborted'] as const).some(
      (kind) => (this.trails.find(kind, '', topic)?.offsets(partition).at(offset) ?? 0) > 0,
    );
  }

  private end(
    { topic }: Trail,
    partition: number,
    offset: number,
    of: Pick<RecordFact, 'time' | 'member' | 'key'>,
  ): void {
    // It may have been compacted since.
    const kind = this.logs.known(topic, partition)?.held.has(offset) ? 'produced' : 'aborted';
    this.record({ kind, group: '', topic, partition, offset, ...of });
    const part = this.trails.forWriting(kind, '', topic).part(partition);
    (part.settled ??= new Set()).add(offset);
  }
}

function detail(trail: Trail, i: number): Pick<RecordFact, 'member' | 'key'> {
  return { member: trail.member(i), key: trail.key(i) };
}
