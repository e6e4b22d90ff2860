import { type Ledger, logFates, type Place, recordsHeld, type Trail } from '../../ledger/index.js';

/** So many records can be told apart in a row, and so many rows times records fit into a notebook. */
const MOST_IN_ROW = 40;
const MOST_IN_ALL = 120;

export interface DrawnRecord extends Place {
  /** Undefined where only its offset is kept. */
  time: number | undefined;
  key: string | null;
}

/** The newest records that these partitions still have, as many as a chart with so many rows for each of them draws. */
export function newestRecords(
  ledger: Ledger,
  topic: string,
  partitions: readonly number[],
  rows = 1,
) {
  const produced = ledger.trail('produced', { topic });
  const most = Math.max(
    3,
    Math.min(MOST_IN_ROW, Math.floor(MOST_IN_ALL / (partitions.length * rows || 1))),
  );
  const records = new Map<number, DrawnRecord[]>(partitions.map((partition) => [partition, []]));
  const fateOf = logFates(ledger, topic);
  const isHeld = (partition: number, offset: number) => fateOf(partition, offset) === 'produced';
  let missing = partitions.length * most;
  for (let i = produced.length - 1; i >= 0 && missing > 0; i--) {
    const partition = produced.partition(i);
    const own = records.get(partition);
    if (!own || own.length === most || !isHeld(partition, produced.offset(i))) continue;
    missing--;
    own.push({
      topic,
      partition,
      offset: produced.offset(i),
      time: produced.time(i),
      key: produced.key(i),
    });
  }
  for (const [partition, own] of records) {
    own.push(...forgottenRecords(produced, partition, isHeld, most - own.length));
    own.sort((a, b) => a.offset - b.offset);
  }
  const isCut = partitions.some((p) => recordsHeld(ledger, topic, p) > most);
  const notes = isCut ? [`Only the newest ${most} records of a partition are drawn.`] : [];
  return { records, most, notes };
}

/** The newest of those of which only their offsets are kept. */
function forgottenRecords(
  produced: Trail,
  partition: number,
  isHeld: (partition: number, offset: number) => boolean,
  most: number,
): DrawnRecord[] {
  const offsets = produced.offsets(partition);
  const found: DrawnRecord[] = [];
  const { topic, forgottenParts } = produced;
  const newest = forgottenParts.get(partition)?.highest ?? -1;
  for (let offset = newest; offset >= offsets.lowest && found.length < most; offset--) {
    if (offsets.at(offset) > 0 && isHeld(partition, offset))
      found.push({ topic, partition, offset, key: null, time: undefined });
  }
  return found;
}

/** An axis of offsets with as many labels as can be read. */
export function offsetAxis(
  records: Map<number, DrawnRecord[]>,
  others: readonly { offset: number }[] = [],
): object {
  const drawn = [...[...records.values()].flat(), ...others].map(({ offset }) => offset);
  return offsetLabels([...new Set(drawn)].sort((a, b) => a - b));
}

/** The same of offsets in order. */
export function offsetLabels(all: readonly number[]): object {
  const step = Math.ceil(all.length / 21);
  return {
    labelAngle: 0,
    labelOverlap: true,
    ticks: false,
    values: all.filter((_, i) => i % step === 0),
  };
}
