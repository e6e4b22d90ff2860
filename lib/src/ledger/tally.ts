import type { Ledger } from './ledger.js';
import { byName } from './sorting.js';
import type { Trail } from './trail.js';

/** A record's place: topic, partition and offset name it for ever. */
export interface Place {
  topic: string;
  partition: number;
  offset: number;
}

/** What became of the records of a topic in one group. */
export interface Tally {
  produced: number;
  /** Different records that were processed at least once. */
  processed: number;
  /** Produced, and not processed (yet). */
  missing: Place[];
  /** Processed more than once. */
  repeated: Place[];
  /** Records processed by each member, repeated ones counted each time. */
  byMember: Record<string, number>;
}

/** Counts what a group did with the records of a topic. */
export function tally(ledger: Ledger, group: string, topic: string): Tally {
  const produced = ledger.trail('produced', { topic });
  const processed = ledger.trail('processed', { group, topic });
  return {
    produced: produced.total,
    processed: processed.distinct,
    missing: places(produced, (partition, offset) => processed.offsets(partition).at(offset) === 0),
    repeated: places(processed, (_, __, times) => times > 1),
    byMember: Object.fromEntries(processed.byMember),
  };
}

/** Whether a group has processed every record of the topic: as `tally` has it, without a list of what is missing. */
export function isDrained(ledger: Ledger, group: string, topic: string): boolean {
  const produced = ledger.trail('produced', { topic });
  const processed = ledger.trail('processed', { group, topic });
  // Most of the time the counts tell.
  if (processed.distinct < produced.distinct) return false;
  return tally(ledger, group, topic).missing.length === 0;
}

type Test = (partition: number, offset: number, times: number) => boolean;

function places(trail: Trail, isMeant: Test): Place[] {
  const found: Place[] = [];
  for (const partition of trail.partitions()) {
    for (const [offset, times] of trail.offsets(partition).entries()) {
      if (isMeant(partition, offset, times)) found.push({ topic: trail.topic, partition, offset });
    }
  }
  return found;
}

export function placeName({ topic, partition, offset }: Place): string {
  return `${topic}/${partition}/${offset}`;
}

/** How a group worked through the records of a topic. Times in milliseconds. */
export interface Drain {
  records: number;
  /** From the first record delivered to the last one processed. */
  duration: number;
  members: { member: string; records: number; busy: number; finished: number }[];
  /**
   * Total / largest share: no more than this can the members together be faster than one of them alone,
   * since a partition is read by one member only (Amdahl's argument, with the largest share as the serial part).
   */
  bound: number;
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
  const { start, work } = workOf(delivered, processed, { from, to });
  const members = [...work].map(([member, { records, busy, last }]) => ({
    member,
    records,
    busy,
    finished: last - start,
  }));
  members.sort((a, b) => byName(a.member, b.member));
  const records = members.reduce((sum, member) => sum + member.records, 0);
  const largest = Math.max(0, ...members.map((member) => member.records));
  return {
    records,
    duration: Math.max(0, ...members.map(({ finished }) => finished)),
    members,
    bound: largest === 0 ? 0 : records / largest,
  };
}

interface Work {
  records: number;
  /** The time spent in the handler. */
  busy: number;
  last: number;
}

/** What each member did between two moments, and when the first record was delivered. */
function workOf(delivered: Trail, processed: Trail, { from, to }: { from: number; to: number }) {
  const work = new Map<string, Work>();
  const begun = new Map<string, Map<number, number>>();
  let start: number | undefined;
  for (let p = 0, d = 0; p < processed.length && processed.time(p) <= to; p++) {
    const time = processed.time(p);
    for (; d < delivered.length && delivered.time(d) <= time; d++) {
      if (delivered.time(d) < from) continue;
      start ??= delivered.time(d);
      const lane = laneOf(delivered, d);
      const open = begun.get(lane) ?? new Map<number, number>();
      begun.set(lane, open.set(delivered.offset(d), delivered.time(d)));
    }
    if (time < from) continue;
    const of = work.get(processed.member(p)) ?? { records: 0, busy: 0, last: 0 };
    const open = begun.get(laneOf(processed, p));
    const since = open?.get(processed.offset(p)) ?? time;
    open?.delete(processed.offset(p));
    work.set(processed.member(p), {
      records: of.records + 1,
      busy: of.busy + time - since,
      last: time,
    });
  }
  return { start: start ?? 0, work };
}

function laneOf(trail: Trail, i: number): string {
  return `${trail.partition(i)}/${trail.member(i)}`;
}
