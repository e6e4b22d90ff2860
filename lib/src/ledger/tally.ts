import type { RecordFact } from './facts.js';
import type { Ledger } from './ledger.js';

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
  const produced = ledger.records('produced', { topic });
  const processed = ledger.records('processed', { group, topic });
  const times = new Map<string, number>();
  const byMember: Record<string, number> = {};
  for (const fact of processed) {
    times.set(placeName(fact), (times.get(placeName(fact)) ?? 0) + 1);
    byMember[fact.member] = (byMember[fact.member] ?? 0) + 1;
  }
  const firsts = new Map(processed.map((fact) => [placeName(fact), fact]));
  return {
    produced: produced.length,
    processed: times.size,
    missing: produced.filter((fact) => !times.has(placeName(fact))).map(place),
    repeated: [...firsts].filter(([name]) => (times.get(name) ?? 0) > 1).map(([, fact]) => place(fact)),
    byMember,
  };
}

export function placeName({ topic, partition, offset }: Place): string {
  return `${topic}/${partition}/${offset}`;
}

function place({ topic, partition, offset }: RecordFact): Place {
  return { topic, partition, offset };
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
export function drain(ledger: Ledger, group: string, topic: string, { from = 0, to = Infinity } = {}): Drain {
  const isThen = ({ time }: RecordFact) => time >= from && time <= to;
  const delivered = ledger.records('delivered', { group, topic }).filter(isThen);
  const processed = ledger.records('processed', { group, topic }).filter(isThen);
  const start = delivered[0]?.time ?? 0;
  const members = [...new Set(processed.map((fact) => fact.member))].sort().map((member) => {
    const own = processed.filter((fact) => fact.member === member);
    return {
      member,
      records: own.length,
      busy: busyTime(delivered, own, member),
      finished: (own.at(-1)?.time ?? start) - start,
    };
  });
  const largest = Math.max(0, ...members.map(({ records }) => records));
  return {
    records: processed.length,
    duration: (processed.at(-1)?.time ?? start) - start,
    members,
    bound: largest === 0 ? 0 : processed.length / largest,
  };
}

/** The time a member spent in its handler. */
function busyTime(delivered: RecordFact[], own: RecordFact[], member: string): number {
  const starts = new Map(
    delivered.filter((fact) => fact.member === member).map((fact) => [placeName(fact), fact.time]),
  );
  return own.reduce((sum, fact) => sum + fact.time - (starts.get(placeName(fact)) ?? fact.time), 0);
}
