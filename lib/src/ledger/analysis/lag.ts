import type { Ledger } from '../store/ledger.js';
import { type BirthTimes, birthTimes, oldestUncommitted } from './births.js';
import { replayLag } from './lag-replay.js';
import type { LagState } from './lag-state.js';

/** The lag of a group at a moment: offsets between what it has committed and the ends of the partitions, markers included. */
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
 * committed counts from the start of its log. Kafka's own tool computes lag in the same way: end offset minus committed offset.
 */
export function lagOverTime(ledger: Ledger, group: string, topic: string): LagPoint[] {
  const points: LagPoint[] = [];
  replayLag(ledger, { group, topic }, (time, { lag }) => points.push({ time, lag }));
  return points;
}

/** The lag of a group on a topic now, in records. */
export function lagNow(ledger: Ledger, group: string, topic: string): number {
  const committed = ledger.trail('committed', { group, topic });
  return [...ledger.log(topic)].reduce((sum, [partition, log]) => {
    const from = committed.newest(partition) ?? log.start;
    return sum + Math.max(0, log.end - from);
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
  const sampler = new LagSampler(birthTimes(ledger, topic), { from, to, slots });
  replayLag(
    ledger,
    { group, topic },
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

function sampleOf(time: number, state: LagState, births: BirthTimes): LagSample {
  const { time: born, isOlder } = oldestUncommitted(births, state) ?? { time, isOlder: false };
  return {
    ...{ time, lag: state.lag, seconds: Math.max(0, time - born) / 1000 },
    ...(isOlder && born < time ? { isOlder } : {}),
  };
}
