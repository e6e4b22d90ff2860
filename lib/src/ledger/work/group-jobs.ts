import type { Ledger } from '../store/ledger.js';
import type { Trail } from '../trails/trail.js';
import type { Presence, UnnamedJob } from './job.js';
import { goneAfter } from './presence.js';

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
  const places = placesOf(begins);
  const ends = endsOf(ledger, of);
  const { same, other } = nextTimes(begins, places);
  const counts = countsOf(begins);
  return places.map((place, i): UnnamedJob => {
    const [worker, from] = [begins.member(i), begins.time(i)];
    const [partition, offset] = [begins.partition(i), begins.offset(i)];
    const job = { worker, key: begins.key(i), partition, offset, count: counts[i], from };
    const end = ends(place, from, same[i] ?? Infinity);
    if (end) return { ...job, to: end.time, end: end.kind };
    const to = Math.min(other[i] ?? Infinity, goneAfter(present, worker, from) ?? Infinity);
    return to === Infinity
      ? { ...job, to: undefined, end: undefined }
      : { ...job, to, end: 'unfinished' };
  });
}

/** A record with a member, for each fact. */
function placesOf(trail: Trail): string[] {
  return Array.from(
    { length: trail.length },
    (_, i) => `${trail.partition(i)} ${trail.offset(i)} ${trail.member(i)}`,
  );
}

interface End {
  time: number;
  kind: 'processed' | 'failed';
}

/** Finds the end of what began at a time, and takes it: before the member was handed the same record again. */
function endsOf(ledger: Ledger, of: Of) {
  const byPlace = new Map<string, End[]>();
  for (const kind of ['processed', 'failed'] as const) {
    const trail = ledger.trail(kind, of);
    for (const [i, place] of placesOf(trail).entries()) {
      const own = byPlace.get(place);
      const end = { time: trail.time(i), kind };
      if (own) own.push(end);
      else byPlace.set(place, [end]);
    }
  }
  for (const own of byPlace.values()) own.sort((a, b) => a.time - b.time);
  return (place: string, from: number, again: number): End | undefined => {
    const own = byPlace.get(place) ?? [];
    while (own.length > 0 && (own[0] as End).time < from) own.shift();
    return (own[0]?.time ?? Infinity) <= again ? own.shift() : undefined;
  };
}

/** For each begin, when its member was handed the same record again, and when another one of its partition, if ever. */
function nextTimes(begins: Trail, places: readonly string[]) {
  const same: (number | undefined)[] = [];
  const other: (number | undefined)[] = [];
  const samePlace = new Map<string, number>();
  const ofPartition = new Map<string, { time: number; later: number | undefined }>();
  for (let i = places.length - 1; i >= 0; i--) {
    const [place, time] = [places[i] as string, begins.time(i)];
    same[i] = samePlace.get(place);
    samePlace.set(place, time);
    const lane = `${begins.partition(i)} ${begins.member(i)}`;
    const known = ofPartition.get(lane);
    // All of a batch are handed over at once.
    const later = known && known.time > time ? known.time : known?.later;
    other[i] = later;
    ofPartition.set(lane, { time, later });
  }
  return { same, other };
}

/** Which delivery of its record each is: those of which the detail is forgotten came first. */
function countsOf(begins: Trail): number[] {
  const later = new Map<string, number>();
  const counts: number[] = [];
  for (let i = begins.length - 1; i >= 0; i--) {
    const [partition, offset] = [begins.partition(i), begins.offset(i)];
    const key = `${partition} ${offset}`;
    const after = later.get(key) ?? 0;
    later.set(key, after + 1);
    counts[i] = begins.offsets(partition).at(offset) - after;
  }
  return counts;
}
