import type { Ledger } from '../store/ledger.js';
import { logStart } from '../store/log-start.js';
import type { Trail } from '../store/trail.js';

/** The lag of a group at a moment: records between its committed offsets and the ends of the partitions. */
export interface LagPoint {
  time: number;
  lag: number;
}

/** The same with the age of the oldest record that is not committed, in seconds; 0 without a lag. */
export interface LagSample extends LagPoint {
  seconds: number;
  /** It is older: when it was produced is forgotten. */
  isOlder?: true;
}

/**
 * The lag of a group on a topic over time, a point for every change whose detail the ledger keeps. A partition that was never
 * committed counts from its
 * first record. Kafka's own tool computes lag in the same way: end offset minus committed offset.
 */
export function lagOverTime(ledger: Ledger, group: string, topic: string): LagPoint[] {
  const points: LagPoint[] = [];
  replay(ledger, trails(ledger, group, topic), (time, { lag }) => points.push({ time, lag }));
  return points;
}

/** The lag of a group on a topic now, in records. */
export function lagNow(ledger: Ledger, group: string, topic: string): number {
  const { produced, committed } = trails(ledger, group, topic);
  return produced.partitions().reduce((sum, partition) => {
    const from = committed.newest(partition) ?? logStart(ledger, topic, partition);
    return sum + Math.max(0, produced.offsets(partition).highest + 1 - from);
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
  const sampler = new LagSampler(birthTimes(source.produced), { from, to, slots });
  replay(
    ledger,
    source,
    (time, state) => sampler.changed(time, state),
    (time) => sampler.reach(time),
  );
  return sampler.end();
}

/** Takes the samples of `lagSamples` while the ledger's facts are replayed: `reach` before each change, `changed` after it. */
class LagSampler {
  private readonly from: number;
  private readonly to: number;
  /** How long a slot is, in milliseconds. */
  private readonly width: number;
  /** By slot. */
  private readonly samples = new Map<number, LagSample>();
  private slot = 0;
  private state: LagState | undefined;

  constructor(
    private readonly births: BirthTimes,
    { from, to, slots }: { from: number; to: number; slots: number },
  ) {
    this.from = from;
    this.to = to;
    this.width = Math.max(1, (to - from) / slots);
  }

  /** Samples the end of each slot before this time. Where nothing happens the records left still grow older. */
  reach(time: number): void {
    this.fill(this.slotOf(time));
  }

  private slotOf(time: number): number {
    return Math.floor((time - this.from) / this.width);
  }

  private fill(upTo: number): void {
    for (; this.state && this.slot < upTo; this.slot++) {
      const end = Math.min(this.to, this.from + (this.slot + 1) * this.width);
      const sample = sampleOf(end, this.state, this.births);
      if ((this.samples.get(this.slot)?.lag ?? 0) <= sample.lag)
        this.samples.set(this.slot, sample);
    }
    this.slot = Math.max(this.slot, upTo);
  }

  /** Keeps the state after a change if the lag is the highest of its slot. */
  changed(time: number, state: LagState): void {
    this.state = state;
    const slot = this.slotOf(time);
    if (state.lag > (this.samples.get(slot)?.lag ?? -1))
      this.samples.set(slot, sampleOf(time, state, this.births));
  }

  end(): LagSample[] {
    this.fill(Math.ceil((this.to - this.from) / this.width));
    const found = [...this.samples.values()].sort((a, b) => a.time - b.time);
    return this.state ? [...found, sampleOf(this.to, this.state, this.births)] : [];
  }
}

interface LagState {
  lag: number;
  /** By partition: where its log begins and ends, and what is committed. */
  starts: Map<number, number>;
  ends: Map<number, number>;
  committed: Map<number, number>;
}

function trails(ledger: Ledger, group: string, topic: string) {
  return {
    produced: ledger.trail('produced', { topic }),
    committed: ledger.trail('committed', { group, topic }),
    deleted: ledger.trail('deleted', { topic }),
  };
}

/**
 * Goes through what was produced, committed and deleted in the order of time, as far back as the detail is kept. `visit` is
 * handed the same state each time.
 */
function replay(
  ledger: Ledger,
  sources: ReturnType<typeof trails>,
  visit: (time: number, state: LagState) => void,
  /** Told the time of each change before it happens. */
  arrive: (time: number, state: LagState) => void = () => {},
): void {
  const { produced, committed, deleted } = sources;
  const state = forgottenState(sources);
  // Trails forget up to the same moment, each to the end of a chunk: before, they do not fit together.
  let isFitting = [produced, committed, deleted].every(({ forgotten }) => forgotten === 0);
  const begin = () => {
    isFitting = true;
    arrive(ledger.keptFrom, state);
    visit(ledger.keptFrom, state);
  };
  // Of the same moment, what was produced comes first.
  const all = [produced, deleted, committed].map((trail) => ({ trail, at: 0 }));
  for (let next = oldest(all); next; next = oldest(all)) {
    const { trail } = next;
    const i = next.at++;
    const partition = trail.partition(i);
    const time = trail.time(i);
    if (!isFitting && time >= ledger.keptFrom) begin();
    if (isFitting) arrive(time, state);
    const before = lagOf(partition, state);
    if (trail === produced) produce(state, partition, trail.offset(i));
    else if (trail === deleted) state.starts.set(partition, trail.offset(i));
    else commit(state, partition, trail.offset(i));
    state.lag += lagOf(partition, state) - before;
    if (isFitting) visit(time, state);
  }
  if (!isFitting) begin();
}

/** What was, where only sums are kept. */
function forgottenState({ produced, committed, deleted }: ReturnType<typeof trails>): LagState {
  const state: LagState = { lag: 0, starts: new Map(), ends: new Map(), committed: new Map() };
  for (const [partition, { highest }] of produced.forgottenParts)
    for (const offset of [produced.offsets(partition).lowest, highest])
      produce(state, partition, offset);
  for (const [partition, { offset }] of deleted.forgottenParts) state.starts.set(partition, offset);
  for (const [partition, { offset }] of committed.forgottenParts) commit(state, partition, offset);
  for (const partition of state.ends.keys()) state.lag += lagOf(partition, state);
  return state;
}

interface Reading {
  trail: Trail;
  at: number;
}

/** Whose next fact is the oldest; undefined when all are read. */
function oldest(all: readonly Reading[]): Reading | undefined {
  let found: Reading | undefined;
  for (const one of all) {
    if (one.at === one.trail.length) continue;
    if (!found || one.trail.time(one.at) < found.trail.time(found.at)) found = one;
  }
  return found;
}

function produce({ starts, ends }: LagState, partition: number, offset: number): void {
  if (!starts.has(partition)) starts.set(partition, offset);
  ends.set(partition, Math.max(offset + 1, ends.get(partition) ?? 0));
}

function commit({ committed }: LagState, partition: number, offset: number): void {
  if (offset < 0) committed.delete(partition);
  else committed.set(partition, offset);
}

/** What the group has committed; where that is nothing, the start of the log. */
function bookmark(partition: number, { committed, starts }: LagState): number {
  return committed.get(partition) ?? starts.get(partition) ?? 0;
}

/** A commit may be seen before the acknowledgement of what it covers: that is no lag, and no negative one. */
function lagOf(partition: number, state: LagState): number {
  return Math.max(0, (state.ends.get(partition) ?? 0) - bookmark(partition, state));
}

/** When each offset of each partition was produced, and when the last of those was that are forgotten. */
export type BirthTimes = Map<
  number,
  { offsets: number[]; times: number[]; forgotten: number | undefined }
>;

export function birthTimes(produced: Trail): BirthTimes {
  const found: BirthTimes = new Map(
    produced.partitions().map((partition) => {
      const forgotten = produced.forgottenParts.get(partition)?.time;
      return [partition, { offsets: [], times: [], forgotten }];
    }),
  );
  for (let i = 0; i < produced.length; i++) {
    const part = found.get(produced.partition(i));
    part?.offsets.push(produced.offset(i));
    part?.times.push(produced.time(i));
  }
  return found;
}

/**
 * When the first record at or after this offset was produced. Where that is forgotten, when it was at the latest: it `isOlder`.
 */
export function birthOf(
  births: BirthTimes,
  partition: number,
  offset: number,
): { time: number; isOlder: boolean } | undefined {
  const part = births.get(partition);
  if (!part) return undefined;
  let low = 0;
  for (let high = part.offsets.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((part.offsets[middle] as number) < offset) low = middle + 1;
    else high = middle;
  }
  const isOlder = low === 0 && part.offsets[0] !== offset && part.forgotten !== undefined;
  const time = isOlder ? part.forgotten : part.times[low];
  return time === undefined ? undefined : { time, isOlder };
}

function sampleOf(time: number, state: LagState, births: BirthTimes): LagSample {
  let oldest = { time, isOlder: false };
  for (const partition of state.ends.keys()) {
    if (lagOf(partition, state) === 0) continue;
    const birth = birthOf(births, partition, bookmark(partition, state));
    if (birth && birth.time < oldest.time) oldest = birth;
  }
  const { isOlder } = oldest;
  return {
    time,
    lag: state.lag,
    seconds: (time - oldest.time) / 1000,
    ...(isOlder ? { isOlder } : {}),
  };
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
