import type { Ledger } from './ledger.js';
import type { Trail } from './trail.js';

/** The lag of a group at a moment: records between its committed offsets and the ends of the partitions. */
export interface LagPoint {
  time: number;
  lag: number;
}

/** The same with the age of the oldest record that is not committed, in seconds; 0 without a lag. */
export interface LagSample extends LagPoint {
  seconds: number;
}

/**
 * How the lag of a group on a topic went, a point for every change. A partition that was never committed counts from its
 * first record. Kafka's own tool computes lag in the same way: end offset minus committed offset.
 */
export function lagOverTime(ledger: Ledger, group: string, topic: string): LagPoint[] {
  const points: LagPoint[] = [];
  replay(trails(ledger, group, topic), (time, { lag }) => points.push({ time, lag }));
  return points;
}

/** The lag of a group on a topic now, in records. */
export function lagNow(ledger: Ledger, group: string, topic: string): number {
  const { produced, committed } = trails(ledger, group, topic);
  return produced.partitions().reduce((sum, partition) => {
    const { lowest, highest } = produced.offsets(partition);
    return sum + Math.max(0, highest + 1 - (committed.newest(partition) ?? lowest));
  }, 0);
}

/**
 * The lag in records and in seconds at the end of `slots` equal stretches of time, and of each stretch its highest lag,
 * so that no peak is lost.
 */
export function lagSamples(
  ledger: Ledger,
  group: string,
  topic: string,
  { from, to, slots }: { from: number; to: number; slots: number },
): LagSample[] {
  const source = trails(ledger, group, topic);
  const width = Math.max(1, (to - from) / slots);
  const samples = new Map<number, LagSample>();
  const births = birthTimes(source.produced);
  let state: LagState | undefined;
  let slot = 0;
  const fill = (upTo: number) => {
    // Where nothing happens the records left still grow older.
    for (; state && slot < upTo; slot++) {
      const now = sample(Math.min(to, from + (slot + 1) * width), state, births);
      if ((samples.get(slot)?.lag ?? 0) <= now.lag) samples.set(slot, now);
    }
    slot = Math.max(slot, upTo);
  };
  const slotOf = (time: number) => Math.floor((time - from) / width);
  replay(
    source,
    (time, now) => {
      state = now;
      if (now.lag > (samples.get(slotOf(time))?.lag ?? -1))
        samples.set(slotOf(time), sample(time, now, births));
    },
    (time) => fill(slotOf(time)),
  );
  fill(Math.ceil((to - from) / width));
  const found = [...samples.values()].sort((a, b) => a.time - b.time);
  return state ? [...found, sample(to, state, births)] : [];
}

interface LagState {
  lag: number;
  ends: Map<number, number>;
  committed: Map<number, number>;
}

function trails(ledger: Ledger, group: string, topic: string) {
  return {
    produced: ledger.trail('produced', { topic }),
    committed: ledger.trail('committed', { group, topic }),
  };
}

/** Goes through what was produced and committed in the order of time. `visit` is handed the same state each time. */
function replay(
  { produced, committed }: { produced: Trail; committed: Trail },
  visit: (time: number, state: LagState) => void,
  /** Told the time of each change before it happens. */
  arrive: (time: number, state: LagState) => void = () => {},
): void {
  const state: LagState = { lag: 0, ends: new Map(), committed: new Map() };
  for (let p = 0, c = 0; p < produced.length || c < committed.length; ) {
    const isProduced =
      c >= committed.length || (p < produced.length && produced.time(p) <= committed.time(c));
    const trail = isProduced ? produced : committed;
    const i = isProduced ? p++ : c++;
    const partition = trail.partition(i);
    const offset = trail.offset(i);
    arrive(trail.time(i), state);
    const before = lagOf(partition, state);
    if (isProduced) {
      if (!state.committed.has(partition)) state.committed.set(partition, offset);
      state.ends.set(partition, Math.max(offset + 1, state.ends.get(partition) ?? 0));
    } else {
      state.committed.set(partition, offset);
    }
    state.lag += lagOf(partition, state) - before;
    visit(trail.time(i), state);
  }
}

/** A commit may be seen before the acknowledgement of what it covers: that is no lag, and no negative one. */
function lagOf(partition: number, { ends, committed }: LagState): number {
  return Math.max(0, (ends.get(partition) ?? 0) - (committed.get(partition) ?? 0));
}

/** When each offset of each partition was produced. */
export type BirthTimes = Map<number, { offsets: number[]; times: number[] }>;

export function birthTimes(produced: Trail): BirthTimes {
  const found: BirthTimes = new Map();
  for (let i = 0; i < produced.length; i++) {
    const partition = produced.partition(i);
    let of = found.get(partition);
    if (!of) found.set(partition, (of = { offsets: [], times: [] }));
    of.offsets.push(produced.offset(i));
    of.times.push(produced.time(i));
  }
  return found;
}

/** When the first record at or after this offset was produced. */
export function birthOf(births: BirthTimes, partition: number, offset: number): number | undefined {
  const of = births.get(partition);
  if (!of) return undefined;
  let low = 0;
  for (let high = of.offsets.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((of.offsets[middle] as number) < offset) low = middle + 1;
    else high = middle;
  }
  return of.times[low];
}

function sample(time: number, state: LagState, births: BirthTimes): LagSample {
  let oldest = time;
  for (const partition of state.ends.keys()) {
    if (lagOf(partition, state) === 0) continue;
    oldest = Math.min(
      oldest,
      birthOf(births, partition, state.committed.get(partition) ?? 0) ?? time,
    );
  }
  return { time, lag: state.lag, seconds: (time - oldest) / 1000 };
}

/** A span in which a group that had members has none. */
export interface Outage {
  from: number;
  to: number | undefined;
}

/** The spans in which nobody was a member of the group, from its first member on. */
export function outages(ledger: Ledger, group: string): Outage[] {
  const present = new Set<string>();
  const found: Outage[] = [];
  for (const { kind, member, time } of ledger.members({ group })) {
    const wasEmpty = present.size === 0;
    if (kind === 'joined') present.add(member);
    if (kind === 'left' || kind === 'crashed') present.delete(member);
    const last = found.at(-1);
    if (wasEmpty && present.size > 0 && last) last.to = time;
    if (!wasEmpty && present.size === 0) found.push({ from: time, to: undefined });
  }
  return found;
}
