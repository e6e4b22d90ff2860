import type { RecordFact } from '../store/facts.js';
import type { Ledger } from '../store/ledger.js';
import { placeName } from '../store/place.js';
import { assignment } from './ownership.js';

/** What came to a member in a stretch of time, and how much of it a member can do that does one record at a time. */
export interface Load {
  member: string;
  /** When the stretch begins, in milliseconds since 1970: later than asked for where the ledger does not reach back so far. */
  from: number;
  /** The partitions that it owns now. */
  partitions: number[];
  /** Records produced to them. */
  arrived: number;
  /** Those that were not processed when the stretch ended. */
  waiting: number;
  /** What its own records took it, delivered to processed, in milliseconds: the quickest, and the mean. */
  quickest: number;
  mean: number;
  /** Records that nobody can do more of in that time, one at a time, none quicker than the quickest. */
  atMost: number;
  /** The time that what arrived takes, as a part of the time there is: above 1 it cannot keep up. */
  demand: number;
}

/** A stretch of time in milliseconds since 1970. */
export interface Span {
  from: number;
  to: number;
}

/** The load of each member of a group between two moments, the largest first. */
export function load(ledger: Ledger, group: string, topic: string, span: Span): Load[] {
  const { to } = span;
  const from = Math.max(span.from, ledger.keptFrom);
  const produced = ledger
    .records('produced', { topic })
    .filter((r) => r.time >= from && r.time <= to);
  const delivered = ledger.records('delivered', { group, topic });
  const processed = ledger.records('processed', { group, topic }).filter((r) => r.time >= from);
  const done = new Set(processed.filter((r) => r.time <= to).map(placeName));
  const loads = Object.entries(assignment(ledger, group, topic)).map(([member, partitions]) => {
    const own = produced.filter((r) => partitions.includes(r.partition));
    const took = handlingTimes(delivered, processed, member);
    const quickest = Math.min(...took);
    const mean = took.reduce((sum, time) => sum + time, 0) / took.length;
    return {
      member,
      from,
      partitions,
      arrived: own.length,
      waiting: own.filter((r) => !done.has(placeName(r))).length,
      quickest,
      mean,
      atMost: (to - from) / quickest,
      demand: (own.length * mean) / (to - from),
    };
  });
  return loads.sort((a, b) => b.arrived - a.arrived);
}

function handlingTimes(delivered: RecordFact[], processed: RecordFact[], member: string): number[] {
  const starts = new Map(
    delivered.filter((r) => r.member === member).map((r) => [placeName(r), r.time]),
  );
  return processed
    .filter((r) => r.member === member)
    .map((r) => r.time - (starts.get(placeName(r)) ?? r.time));
}
