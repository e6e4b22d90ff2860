import { gaps, idleness, type Ledger, type Moment, ownership } from '../../ledger/index.js';
import { allBars, type Bar, idleLane } from '../assignment/bars.js';
import { lanesOf } from '../drawing/lanes.js';
import { weightBy } from '../drawing/palette.js';
import { laneName } from '../drawing/record.js';
import { leftOut, telling } from '../drawing/words.js';
import type { Steps } from './steps.js';
import type { ReplayOptions } from './text.js';

/** So many partitions, and so many members without one, have a row. */
const MOST_PARTITIONS = 6;
const MOST_IDLE = 3;
/** So many bars are drawn. */
const MOST_BARS = 400;

/** What is drawn of partitions and their owners. */
export interface Owners {
  partitions: readonly number[];
  /** The names of all rows: of partitions, then of members without one. */
  lanes: string[];
  bars: Bar[];
  notes: string[];
}

export function ownersOf(
  ledger: Ledger,
  { topic, group }: ReplayOptions,
  { start, last }: Steps,
  now: Moment | undefined,
): Owners {
  const isAfter = ({ to = Infinity }: { to?: number | undefined }) => to > start;
  const all = ownership(ledger, group).filter((span) => span.topic === topic);
  const known = new Set([...(now?.partitions.keys() ?? []), ...all.map((one) => one.partition)]);
  const inOrder = [...known].sort((a, b) => a - b);
  const changes = weightBy(all, ({ partition }) => `${partition}`);
  const partitions = telling(inOrder, MOST_PARTITIONS, (partition) => changes(`${partition}`));
  const own = all.filter(({ partition }) => partitions.includes(partition));
  const idle = idleness(ledger, group).filter(isAfter);
  const idlers = telling([...new Set(idle.map(({ member }) => member))], MOST_IDLE, () => 0);
  const shown = {
    spans: own.filter(isAfter),
    idle: idle.filter(({ member }) => idlers.includes(member)),
    pauses: gaps(own).filter(isAfter),
  };
  const drawing = { partitions: lanesOf(own), start, end: start + last * 1000 };
  const bars = allBars(ledger, group, shown, drawing).sort((a, b) => a.from - b.from);
  const which = 'those that changed hands most often';
  return {
    partitions,
    lanes: [...partitions.map(laneName), ...idlers.map(idleLane)],
    bars: bars.slice(-MOST_BARS),
    notes: [
      ...leftOut(partitions.length, known.size, 'partition', which),
      ...leftOut(Math.min(bars.length, MOST_BARS), bars.length, 'bar', 'the newest'),
    ],
  };
}
