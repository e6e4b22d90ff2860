import { type BirthTimes, birthTimes, oldestUncommitted } from '../analysis/births.js';
import { replayLag } from '../analysis/lag-replay.js';
import { type LagState, lagOf } from '../analysis/lag-state.js';
import type { Ledger } from '../store/ledger.js';
import type { Trail } from '../trails/trail.js';

/** From which value on each alarm goes off; one that is not given does not exist. */
export interface AlarmLimits {
  /** The lag of all partitions together, in records. */
  sum?: number;
  /** The lag of the partition with the most, in records. */
  largest?: number;
  /** The age of the oldest record that is not committed, in seconds. */
  age?: number;
  /** How long the group has committed nothing although it has a lag, in seconds: a rate of commits of 0. */
  silence?: number;
}

export type AlarmName = keyof AlarmLimits;

/** What an alarm would have done, had somebody set it. */
export interface Alarm {
  alarm: AlarmName;
  limit: number;
  /** The highest value: in records or in seconds. */
  peak: number;
  /** When it was on, in milliseconds since 1970; `to` is the end of what is known where it still is. */
  spans: { from: number; to: number }[];
}

export interface AlarmOptions {
  limits: AlarmLimits;
  /** Leaves out what was before, in milliseconds since 1970. */
  from?: number;
  /** Leaves out what was after; until the newest fact about the group's lag if not given. */
  to?: number;
}

/** What the alarms that are set would have done about the lag of a group on a topic, in the order of `AlarmLimits`. */
export function alarms(
  ledger: Ledger,
  group: string,
  topic: string,
  { limits, from = 0, to = Infinity }: AlarmOptions,
): Alarm[] {
  const committed = ledger.trail('committed', { group, topic });
  const watch = new Watch(birthTimes(ledger, topic), committed, {
    all: NAMES.flatMap((alarm) => {
      const limit = limits[alarm];
      return limit === undefined ? [] : [{ alarm, limit, peak: 0, spans: [] }];
    }),
    ...{ from, to },
  });
  let last = { time: 0, state: undefined as LagState | undefined };
  replayLag(
    ledger,
    { group, topic },
    (time, state) => (last = { time, state }),
    (time) => last.state && watch.lasted(last.state, last.time, time),
  );
  // Where it is said until when, time went by after the newest fact, too.
  if (last.state) watch.lasted(last.state, last.time, to < Infinity ? to : last.time);
  return watch.all;
}

const NAMES: readonly AlarmName[] = ['sum', 'largest', 'age', 'silence'];

/** Looks at the lag from one change to the next. */
class Watch {
  readonly all: Alarm[];
  private readonly from: number;
  private readonly to: number;
  private laggingSince: number | undefined;
  private commits = 0;

  constructor(
    private readonly births: BirthTimes,
    private readonly committed: Trail,
    { all, from, to }: { all: Alarm[]; from: number; to: number },
  ) {
    this.all = all;
    this.from = from;
    this.to = to;
  }

  /** From `begin` to `until` nothing changed, except that time went by. */
  lasted(state: LagState, begin: number, until: number): void {
    const end = Math.min(until, this.to);
    if (state.lag === 0) this.laggingSince = undefined;
    else this.laggingSince ??= begin;
    const silentSince = Math.max(this.laggingSince ?? end, this.lastCommit(begin));
    const start = Math.max(begin, this.from);
    if (end < start) return;
    const oldest = oldestUncommitted(this.births, state)?.time ?? end;
    for (const alarm of this.all) {
      if (alarm.alarm === 'sum') steady(alarm, state.lag, start, end);
      else if (alarm.alarm === 'largest') steady(alarm, largest(state), start, end);
      else if (alarm.alarm === 'age') rising(alarm, oldest, start, end);
      else rising(alarm, silentSince, start, end);
    }
  }

  private lastCommit(time: number): number {
    const { committed } = this;
    while (this.commits < committed.length && committed.time(this.commits) <= time) this.commits++;
    return this.commits > 0 ? committed.time(this.commits - 1) : 0;
  }
}

function largest(state: LagState): number {
  return Math.max(0, ...[...state.ends.keys()].map((partition) => lagOf(partition, state)));
}

/** A value that stays as it is from `from` to `to`. */
function steady(alarm: Alarm, value: number, from: number, to: number): void {
  alarm.peak = Math.max(alarm.peak, value);
  if (value >= alarm.limit) goesOff(alarm, from, to);
}

/** The seconds since a moment, which grow from `from` to `to`. */
function rising(alarm: Alarm, since: number, from: number, to: number): void {
  alarm.peak = Math.max(alarm.peak, (to - since) / 1000);
  const reached = Math.max(from, since + alarm.limit * 1000);
  if (reached <= to && since < to) goesOff(alarm, reached, to);
}

function goesOff({ spans }: Alarm, from: number, to: number): void {
  const last = spans.at(-1);
  if (last && last.to >= from) last.to = to;
  else spans.push({ from, to });
}
