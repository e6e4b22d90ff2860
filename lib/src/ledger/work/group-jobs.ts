import type { Ledger } from '../store/ledger.js';
import type { Trail } from '../trails/trail.js';
import type { Presence, UnnamedJob } from './job.js';
import { goneAfter } from './presence.js';

/** Each has a number of 16 bits. */
const MOST_MEMBERS = 65_536;

interface Of {
  topic: string;
  group: string;
}

/**
 * What the handlers of a consumer group had, from when it was handed to them to its end. Without one a job was over when its member
 * left, crashed, or was handed something else of the same partition.
 */
export function groupJobs(ledger: Ledger, of: Of, present: readonly Presence[]): UnnamedJob[] {
  const begins = ledger.trail('delivered', of);
  const endOf = endsOf(ledger, of);
  const { same, other } = nextTimes(begins);
  const counts = countsOf(begins);
  return counts.map((count, i): UnnamedJob => {
    const [worker, from] = [begins.member(i), begins.time(i)];
    const end = endOf(begins, i, same[i] ?? Infinity);
    const to = end ? end.time : Math.min(other[i] ?? Infinity, goneAfter(present, worker, from));
    const isOver = to < Infinity;
    // Written field by field: 100,000 with spreads would take a second.
    return {
      worker,
      key: begins.key(i),
      partition: begins.partition(i),
      offset: begins.offset(i),
      count,
      from,
      to: isOver ? to : undefined,
      end: isOver ? (end?.kind ?? 'unfinished') : undefined,
    };
  });
}

/** Something for each record with a member. Found by numbers: as many texts would take most of the time. */
class ByPlace<T> {
  private readonly lanes = new Map<number, Map<number, T>>();

  /** By offset: of the partition and the member of a fact. */
  lane(trail: Trail, i: number): Map<number, T> {
    return inner(this.lanes, trail.partition(i) * MOST_MEMBERS + trail.memberNumber(i));
  }
}

function inner<T>(outer: Map<number, Map<number, T>>, number: number): Map<number, T> {
  let found = outer.get(number);
  if (!found) outer.set(number, (found = new Map()));
  return found;
}

interface End {
  time: number;
  kind: 'processed' | 'failed';
}

/** Finds the end of what began at a time, and takes it: before the member was handed the same record again. */
function endsOf(ledger: Ledger, of: Of) {
  const ends = new ByPlace<End[]>();
  for (const kind of ['processed', 'failed'] as const) {
    const trail = ledger.trail(kind, of);
    for (let i = 0; i < trail.length; i++) {
      const [lane, offset] = [ends.lane(trail, i), trail.offset(i)];
      const own = lane.get(offset);
      const end = { time: trail.time(i), kind };
      if (own) own.push(end);
      else lane.set(offset, [end]);
    }
  }
  const byTime = (a: End, b: End) => a.time - b.time;
  return (begins: Trail, i: number, again: number): End | undefined => {
    const own = ends.lane(begins, i).get(begins.offset(i)) ?? [];
    if (own.length > 1) own.sort(byTime); // those that failed are behind those that were processed
    while (own.length > 0 && (own[0] as End).time < begins.time(i)) own.shift();
    return (own[0]?.time ?? Infinity) <= again ? own.shift() : undefined;
  };
}

/** For each begin, when its member was handed the same record again, and when another one of its partition, if ever. */
function nextTimes(begins: Trail) {
  const same: (number | undefined)[] = [];
  const other: (number | undefined)[] = [];
  const records = new ByPlace<number>();
  const lanes = new Map<Map<number, number>, { time: number; later: number | undefined }>();
  for (let i = begins.length - 1; i >= 0; i--) {
    const [lane, offset, time] = [records.lane(begins, i), begins.offset(i), begins.time(i)];
    same[i] = lane.get(offset);
    lane.set(offset, time);
    const known = lanes.get(lane);
    // All of a batch are handed over at once.
    const later = known && known.time > time ? known.time : known?.later;
    other[i] = later;
    lanes.set(lane, { time, later });
  }
  return { same, other };
}

/** Which delivery of its record each is: those of which the detail is forgotten came first. */
function countsOf(begins: Trail): number[] {
  const later = new Map<number, Map<number, number>>();
  const counts = new Array<number>(begins.length);
  for (let i = begins.length - 1; i >= 0; i--) {
    const [partition, offset] = [begins.partition(i), begins.offset(i)];
    const own = inner(later, partition);
    const after = own.get(offset) ?? 0;
    own.set(offset, after + 1);
    counts[i] = begins.offsets(partition).at(offset) - after;
  }
  return counts;
}
