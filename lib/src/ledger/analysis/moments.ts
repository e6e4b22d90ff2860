import type { Ledger } from '../store/ledger.js';
import type { LagPoint } from './lag.js';
import { replayLag } from './lag-replay.js';
import { bookmark, type LagState, startOf } from './lag-state.js';
import type { Position } from './positions.js';

/** Where a group stood in a partition at a moment. */
export type Standing = Pick<Position, 'start' | 'committed' | 'position' | 'end'>;

/** Where a group stood on a topic at a moment, with all facts up to then. */
export interface Moment {
  /** In milliseconds since 1970. */
  time: number;
  /** In records. */
  lag: number;
  /** The highest lag since the moment before; undefined where it has not changed. */
  peak: LagPoint | undefined;
  /** By partition: those of which something was known. */
  partitions: Map<number, Standing>;
}

/**
 * Where a group stood on a topic at each of these times, which are in order: all from one pass through the facts. Of times before
 * `ledger.keptFrom` it tells nothing that could be relied on.
 */
export function moments(
  ledger: Ledger,
  group: string,
  topic: string,
  times: readonly number[],
): Moment[] {
  const found: Moment[] = [];
  const readTo = deliveriesUpTo(ledger, group, topic);
  let now: LagState = { lag: 0, starts: new Map(), ends: new Map(), committed: new Map() };
  let peak: LagPoint | undefined;
  const take = () => {
    const time = times[found.length] as number;
    found.push({ time, lag: now.lag, peak, partitions: standings(now, readTo(time)) });
    peak = undefined;
  };
  const arrive = (next: number) => {
    while (found.length < times.length && (times[found.length] as number) < next) take();
  };
  const changed = (time: number, state: LagState) => {
    now = state;
    if (!peak || state.lag > peak.lag) peak = { time, lag: state.lag };
  };
  replayLag(ledger, { group, topic }, changed, arrive);
  while (found.length < times.length) take();
  return found;
}

function standings(state: LagState, next: ReadonlyMap<number, number>): Map<number, Standing> {
  const all = [...state.ends].sort(([a], [b]) => a - b);
  return new Map(
    all.map(([partition, end]): [number, Standing] => [
      partition,
      {
        ...{ start: startOf(partition, state), committed: state.committed.get(partition), end },
        position: next.get(partition) ?? bookmark(partition, state),
      },
    ]),
  );
}

/** What the group reads next in each partition, by its newest delivery up to a time: asked in the order of time. */
function deliveriesUpTo(ledger: Ledger, group: string, topic: string) {
  const delivered = ledger.trail('delivered', { group, topic });
  const next = new Map(
    [...delivered.forgottenParts].map(([partition, { offset }]) => [partition, offset + 1]),
  );
  let i = 0;
  return (time: number): ReadonlyMap<number, number> => {
    for (; i < delivered.length && delivered.time(i) <= time; i++)
      next.set(delivered.partition(i), delivered.offset(i) + 1);
    return next;
  };
}
