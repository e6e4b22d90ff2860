import { type Ledger, logStart, type Reach, type Trail } from '../ledger/index.js';

/** When something happened, each time; and how often it did before, where only that is kept. */
export interface Times {
  before: number;
  times: number[];
}

export const happened = ({ before, times }: Times) => before + times.length;

/** How many of the times, which are in order, are not later. */
export function upTo(times: number[], time: number): number {
  let n = 0;
  while (n < times.length && (times[n] as number) <= time) n++;
  return n;
}

export function times(trail: Trail): Times {
  return {
    before: trail.forgotten,
    times: Array.from({ length: trail.length }, (_, i) => trail.time(i)),
  };
}

export function timesByPartition(trail: Trail, { from, isWhole }: Reach): Map<number, Times> {
  const found = new Map<number, Times>();
  if (isWhole)
    for (const [partition, { count }] of trail.forgottenParts)
      found.set(partition, { before: count, times: [] });
  for (let i = 0; i < trail.length; i++) {
    const time = trail.time(i);
    if (time < from) continue;
    const own = found.get(trail.partition(i));
    if (own) own.times.push(time);
    else found.set(trail.partition(i), { before: 0, times: [time] });
  }
  return found;
}

/** So many records that a group can no longer read, since `time`. */
interface Gone {
  time: number;
  records: number;
}

export const NONE: Gone = { time: 0, records: 0 };
export const WHOLE: Reach = { from: 0, isWhole: true, isCut: false };

/** What was deleted of each partition before the group processed it: it is not left any more. */
export function goneUnread(
  ledger: Ledger,
  processed: Trail,
  { from, isWhole }: Reach,
): Map<number, Gone> {
  const { topic } = processed;
  const produced = ledger.trail('produced', { topic });
  const deleted = ledger.trail('deleted', { topic });
  const found = new Map<number, Gone>();
  for (const partition of deleted.partitions()) {
    const start = logStart(ledger, topic, partition);
    const read = processed.offsets(partition);
    const isGone = (offset: number) => offset < start && read.at(offset) === 0;
    const all = isWhole
      ? produced.offsets(partition).entries()
      : offsetsSince(produced, partition, from);
    const records = [...all].filter(([offset]) => isGone(offset)).length;
    found.set(partition, { time: deleted.newestTime(partition) ?? 0, records });
  }
  return found;
}

function* offsetsSince(trail: Trail, partition: number, from: number): Generator<[number]> {
  for (let i = 0; i < trail.length; i++)
    if (trail.partition(i) === partition && trail.time(i) >= from) yield [trail.offset(i)];
}

/** What is no longer left: processed, or gone. */
export function done({ before, times }: Times, gone: readonly Gone[], { keptFrom }: Ledger): Times {
  const deleted = gone.flatMap(({ time, records }) => Array.from({ length: records }, () => time));
  if (deleted.length === 0) return { before, times };
  const known = deleted.filter((time) => time >= keptFrom);
  const all = [...times, ...known].sort((a, b) => a - b);
  return { before: before + deleted.length - known.length, times: all };
}

export function firstFrom(trail: Trail, from: number): number | undefined {
  for (let i = 0; i < trail.length; i++) if (trail.time(i) >= from) return trail.time(i);
  return undefined;
}
