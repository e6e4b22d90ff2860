import { logFates } from '../fates/log-fate.js';
import type { Ledger } from '../store/ledger.js';
import { bookmark, type LagState, lagOf, startOf } from './lag-state.js';

/** When each record that is still in the log was produced, in the order of offsets, and when the last of those was that are forgotten. */
export type BirthTimes = Map<number, Births>;

/** Where it `isOlder`, of what is forgotten: when it was produced at the latest. */
interface Birth {
  time: number;
  isOlder: boolean;
}

interface Births {
  offsets: number[];
  times: number[];
  forgotten: number | undefined;
}

export function birthTimes(ledger: Ledger, topic: string): BirthTimes {
  const produced = ledger.trail('produced', { topic });
  const fateOf = logFates(ledger, topic);
  const found: BirthTimes = new Map(
    produced.partitions().map((partition) => {
      const forgotten = produced.forgottenParts.get(partition)?.time;
      return [partition, { offsets: [], times: [], forgotten }];
    }),
  );
  for (let i = 0; i < produced.length; i++) {
    const [partition, offset] = [produced.partition(i), produced.offset(i)];
    const fate = fateOf(partition, offset);
    if (fate === 'compacted' || fate === 'lost') continue;
    const part = found.get(partition) as Births;
    part.offsets.push(offset);
    part.times.push(produced.time(i));
  }
  return new Map([...found].map(([partition, births]) => [partition, inOrder(births)]));
}

/** Transactions may end in another order than their records were written in. */
function inOrder(births: Births): Births {
  const { offsets, times } = births;
  if (offsets.every((offset, i) => i === 0 || (offsets[i - 1] as number) <= offset)) return births;
  const order = offsets.map((_, i) => i);
  order.sort((a, b) => (offsets[a] as number) - (offsets[b] as number));
  const by = (column: number[]) => order.map((i) => column[i] as number);
  return { ...births, offsets: by(offsets), times: by(times) };
}

/** When the first record at or after this offset was produced. */
export function birthOf(births: BirthTimes, partition: number, offset: number): Birth | undefined {
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

/** When the oldest record was produced that a group has not committed; undefined without a lag. */
export function oldestUncommitted(births: BirthTimes, state: LagState): Birth | undefined {
  let oldest: Birth | undefined;
  for (const partition of state.ends.keys()) {
    if (lagOf(partition, state) === 0) continue;
    const next = Math.max(bookmark(partition, state), startOf(partition, state));
    const birth = birthOf(births, partition, next);
    if (birth && birth.time < (oldest?.time ?? Infinity)) oldest = birth;
  }
  return oldest;
}
