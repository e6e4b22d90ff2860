import type { Ledger, Trail } from '../ledger/index.js';
import { laneName, type Told, teller } from './drawing/record.js';
import { brief } from './drawing/words.js';

const MOST_POINTS = 120;
/** Of the key that is joined, where not all records are drawn. */
const MOST_JOINED = 40;

interface Point extends Told {
  lane: string;
  /** Places are counted from 0, as offsets are. */
  produced: number;
  processed: number;
  /** Whether the line goes through it. */
  joined?: true;
}

interface Trails {
  produced: Trail;
  processed: Trail;
}

/** A record that was processed, by its index in either trail. */
export interface Pair {
  produced: number;
  processed: number;
}

/** The records of which both places are known, in the order in which they were processed; and how many came after a later one. */
export function compared({ produced, processed }: Trails): { pairs: Pair[]; late: number } {
  const ranks = new Map<number, Map<number, number>>(
    produced.partitions().map((p) => [p, new Map()]),
  );
  for (let i = 0; i < produced.length; i++)
    ranks.get(produced.partition(i))?.set(produced.offset(i), i);
  const pairs: Pair[] = [];
  let late = 0;
  let highest = -1;
  for (let i = 0; i < processed.length; i++) {
    const rank = ranks.get(processed.partition(i))?.get(processed.offset(i));
    if (rank === undefined) continue;
    pairs.push({ produced: rank, processed: i });
    if (rank < highest) late++;
    highest = Math.max(highest, rank);
  }
  return { pairs, late };
}

/** Every so many records, and those of one key, as far as there is room; the latter last, on top of the others. */
export function drawn(
  ledger: Ledger,
  trails: Trails,
  { pairs }: { pairs: Pair[] },
  key: string | undefined,
) {
  const { topic } = trails.produced;
  const own = key === undefined ? [] : firstOf(pairs.filter((pair) => keyOf(pair) === key));
  const room = MOST_POINTS - Math.min(own.length, MOST_JOINED);
  const step = pairs.length > MOST_POINTS ? Math.ceil(pairs.length / room) : 1;
  const ownStep = step > 1 ? Math.max(1, Math.ceil(own.length / MOST_JOINED)) : 1;
  const joined = own.filter((_, i) => i % ownStep === 0);
  const isOwn = new Set(own);
  const others = pairs.filter((pair, i) => i % step === 0 && !isOwn.has(pair));
  const tell = teller(ledger, others.length + joined.length);
  return {
    points: [...others.map(point), ...joined.map(joinedPoint)],
    joined: own.length,
    notes: notes(),
  };

  function keyOf({ processed }: Pair): string | null {
    return trails.processed.key(processed);
  }

  function point(pair: Pair): Point {
    const { produced, processed } = trails;
    const i = pair.processed;
    const [partition, offset] = [processed.partition(i), processed.offset(i)];
    const record = {
      topic,
      partition,
      offset,
      key: keyOf(pair),
      time: produced.time(pair.produced),
    };
    return {
      ...tell(record, brief(processed.member(i))),
      lane: laneName(partition),
      produced: produced.forgotten + pair.produced,
      processed: processed.forgotten + i,
    };
  }

  function joinedPoint(pair: Pair): Point {
    return { ...point(pair), joined: true };
  }

  function notes(): string[] {
    const most = `One record of ${step} is drawn`;
    if (key === undefined || own.length === 0 || step === 1) return step > 1 ? [`${most}.`] : [];
    return [`${most}, and ${ownStep > 1 ? `one of ${ownStep}` : 'each'} of ${brief(key)}.`];
  }
}

/** What is processed again is not in the order for a second time. */
function firstOf(pairs: Pair[]): Pair[] {
  const seen = new Set<number>();
  return pairs.filter(({ produced }) => !seen.has(produced) && seen.add(produced));
}
