import type { Ledger } from '../store/ledger.js';
import { reach } from '../store/reach.js';
import { byName } from '../store/sorting.js';
import type { Trail } from '../trails/trail.js';

/** How a group worked through the records of a topic. Times in milliseconds. */
export interface Drain {
  records: number;
  /** From the first record delivered to the last one processed. */
  duration: number;
  /** `busy`: in the handler, with those records whose detail is kept. */
  members: { member: string; records: number; busy: number; finished: number }[];
  /**
   * Total / largest share: no more than this can the members together be faster than one of them alone,
   * since a partition is read by one member only (Amdahl's argument, with the largest share as the serial part).
   */
  bound: number;
  /** Records among them whose detail the ledger has given up: they count in all but `busy`. */
  forgotten: number;
  /** Where the ledger does not reach back to `from`, when it begins to, in milliseconds since 1970: only then this does, too. */
  since?: number;
}

/**
 * Measures how a group drained a topic; zeros where it processed nothing. With `from` and `to`, in milliseconds
 * since 1970, only what happened between them counts.
 */
export function drain(
  ledger: Ledger,
  group: string,
  topic: string,
  { from = 0, to = Infinity } = {},
): Drain {
  const delivered = ledger.trail('delivered', { group, topic });
  const processed = ledger.trail('processed', { group, topic });
  const { isCut, isWhole, ...back } = reach(ledger, [delivered, processed], from);
  const { start, work } = workOf(delivered, processed, { from: back.from, to });
  const isSummed = isWhole && to >= ledger.keptFrom;
  if (isSummed) addForgotten(work, processed);
  const begun = (isSummed ? delivered.first : undefined) ?? start;
  const members = [...work].map(([member, { records, busy, last }]) => ({
    member,
    records,
    busy,
    finished: last - begun,
  }));
  members.sort((a, b) => byName(a.member, b.member));
  const records = members.reduce((sum, member) => sum + member.records, 0);
  const largest = Math.max(0, ...members.map((member) => member.records));
  return {
    records,
    duration: Math.max(0, ...members.map(({ finished }) => finished)),
    members,
    bound: largest === 0 ? 0 : records / largest,
    forgotten: isSummed ? processed.forgotten : 0,
    ...(isCut || (isWhole && !isSummed) ? { since: ledger.keptFrom } : {}),
  };
}

/** Counts those, too, of which only sums are kept. */
function addForgotten(work: Map<string, Work>, processed: Trail): void {
  for (const [member, { count, last }] of processed.forgottenMembers) {
    const kept = work.get(member) ?? { records: 0, busy: 0, last };
    work.set(member, { ...kept, records: kept.records + count });
  }
}

interface Work {
  records: number;
  /** The time spent in the handler. */
  busy: number;
  last: number;
}

/**
 * What each member did between two moments, and when the first record was delivered. Both trails are in the order of time: a
 * record that was processed is paired with the newest delivery of its offset to the same member before that.
 */
function workOf(delivered: Trail, processed: Trail, { from, to }: { from: number; to: number }) {
  const work = new Map<string, Work>();
  const deliveries = new Deliveries(delivered, from);
  for (let i = 0; i < processed.length && processed.time(i) <= to; i++) {
    const time = processed.time(i);
    deliveries.readUntil(time);
    if (time < from) continue;
    const since = deliveries.take(processed, i) ?? time;
    const member = processed.member(i);
    const { records, busy } = work.get(member) ?? { records: 0, busy: 0 };
    work.set(member, { records: records + 1, busy: busy + time - since, last: time });
  }
  return { start: deliveries.first ?? 0, work };
}

/** When the records that are in a handler were delivered, reading a trail from its beginning. */
class Deliveries {
  /** When the first one was. */
  first: number | undefined;
  private next = 0;
  /** By partition and member: offset to time. */
  private readonly open = new Map<string, Map<number, number>>();

  constructor(
    private readonly delivered: Trail,
    private readonly from: number,
  ) {}

  readUntil(time: number): void {
    const { delivered } = this;
    for (; this.next < delivered.length && delivered.time(this.next) <= time; this.next++) {
      const at = delivered.time(this.next);
      if (at < this.from) continue;
      this.first ??= at;
      const owner = ownerOf(delivered, this.next);
      const open = this.open.get(owner) ?? new Map<number, number>();
      this.open.set(owner, open.set(delivered.offset(this.next), at));
    }
  }

  /** When the record of this fact was delivered; from now on it is in no handler. */
  take(processed: Trail, i: number): number | undefined {
    const open = this.open.get(ownerOf(processed, i));
    const offset = processed.offset(i);
    const time = open?.get(offset);
    open?.delete(offset);
    return time;
  }
}

function ownerOf(trail: Trail, i: number): string {
  return `${trail.partition(i)}/${trail.member(i)}`;
}
