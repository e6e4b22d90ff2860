import { type Ledger, type Place, placeName } from '../../ledger/index.js';

export interface RouteOptions {
  /** The topics on its way, the one that records come to from outside first. */
  topics: readonly string[];
  /** The groups that read them. */
  groups: readonly string[];
  /** Whose records. */
  key: string;
}

export type StepState = 'processed' | 'passed on' | 'failed' | 'not read';

/** A record of the key in one of the topics, and what a handler did with it, or that none had it yet. */
export interface Step extends Place {
  state: StepState;
  /** When that was, or when it was produced, in milliseconds since 1970. */
  time: number;
  produced: number | undefined;
  /** Who handled it. */
  by?: string;
  /** Where a handler that passed it on has put its copy. */
  copy?: Place;
}

interface Handling extends Place {
  from: number;
  to: number;
  by: string;
  isFailed: boolean;
}

type Produced = Place & { time: number };

/** What happened to the records of a key on their way, one after the other. */
export function stepsOf(ledger: Ledger, options: RouteOptions): Step[] {
  const { topics, groups, key } = options;
  const produced = topics.flatMap((topic) => producedIn(ledger, topic, key));
  // Into the first topic records come from outside only.
  const copies = produced.filter(({ topic }) => topic !== topics[0]).sort(byTime);
  const handled = topics.flatMap((topic) =>
    groups.flatMap((group) => handlings(ledger, { group, topic }, key)),
  );
  const steps = withCopies(handled, copies);
  const times = new Map(produced.map((record) => [placeName(record), record.time]));
  for (const step of steps) step.produced = times.get(placeName(step));
  // A handler returns after it has sent the copy, which comes next all the same.
  const sent = new Map(steps.flatMap(({ copy, time }) => (copy ? [[placeName(copy), time]] : [])));
  const isHandled = new Set(handled.map(placeName));
  const unread = produced
    .filter((record) => !isHandled.has(placeName(record)))
    .map((record): Step => {
      const time = sent.get(placeName(record)) ?? record.time;
      return { ...record, time, produced: record.time, state: 'not read' };
    });
  return [...steps, ...unread].sort(byTime);
}

/** A copy is what was produced while a handler had the record. Not the record itself: it may be read before its producer is told. */
function withCopies(handled: readonly Handling[], copies: readonly Produced[]): Step[] {
  const taken = new Set<Produced>();
  let next = 0;
  const copyOf = (handling: Handling): Produced | undefined => {
    while ((copies[next]?.time ?? Infinity) < handling.from) next++;
    for (let i = next; i < copies.length; i++) {
      const copy = copies[i] as Produced;
      if (copy.time > handling.to) return undefined;
      if (taken.has(copy) || isSame(copy, handling)) continue;
      taken.add(copy);
      return copy;
    }
    return undefined;
  };
  return [...handled]
    .sort((a, b) => a.from - b.from)
    .map((handling) => {
      const { from: _, to: time, isFailed, ...place } = handling;
      const copy = copyOf(handling);
      const state = isFailed ? 'failed' : copy ? 'passed on' : 'processed';
      return { ...place, time, state, produced: undefined, ...(copy ? { copy } : {}) };
    });
}

const isSame = (one: Place, other: Place) => placeName(one) === placeName(other);
const byTime = (a: { time: number }, b: { time: number }) => a.time - b.time;

function producedIn(ledger: Ledger, topic: string, key: string): Produced[] {
  const trail = ledger.trail('produced', { topic });
  const found: Produced[] = [];
  for (let i = 0; i < trail.length; i++) {
    if (trail.key(i) !== key) continue;
    const [partition, offset, time] = [trail.partition(i), trail.offset(i), trail.time(i)];
    found.push({ topic, partition, offset, time });
  }
  return found;
}

/** From when to when a group's handlers had records of the key. */
function handlings(ledger: Ledger, of: { group: string; topic: string }, key: string): Handling[] {
  const began = new Map<string, number[]>();
  const delivered = ledger.trail('delivered', of);
  for (let i = 0; i < delivered.length; i++) {
    if (delivered.key(i) !== key) continue;
    const id = `${delivered.partition(i)}/${delivered.offset(i)}`;
    began.set(id, [...(began.get(id) ?? []), delivered.time(i)]);
  }
  return (['processed', 'failed'] as const).flatMap((kind) => {
    const trail = ledger.trail(kind, of);
    const found: Handling[] = [];
    for (let i = 0; i < trail.length; i++) {
      if (trail.key(i) !== key) continue;
      const [partition, offset, to] = [trail.partition(i), trail.offset(i), trail.time(i)];
      const from = began.get(`${partition}/${offset}`)?.findLast((time) => time <= to) ?? to;
      const by = trail.member(i);
      found.push({ topic: of.topic, partition, offset, from, to, by, isFailed: kind === 'failed' });
    }
    return found;
  });
}
