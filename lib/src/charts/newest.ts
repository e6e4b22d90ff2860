import type { Ledger, Place } from '../ledger/index.js';

/** So many records can be told apart in a row, and so many rows times records fit into a notebook. */
const MOST_IN_ROW = 40;
const MOST_IN_ALL = 120;

export interface DrawnRecord extends Place {
  time: number;
  member: string;
  key: string | null;
}

/** The newest records of these partitions, as many as a chart with so many rows for each of them draws. */
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
  let missing = partitions.length * most;
  for (let i = produced.length - 1; i >= 0 && missing > 0; i--) {
    const partition = produced.partition(i);
    const own = records.get(partition);
    if (!own || own.length === most) continue;
    missing--;
    own.push({
      topic,
      partition,
      offset: produced.offset(i),
      time: produced.time(i),
      member: produced.member(i),
      key: produced.key(i),
    });
  }
  for (const own of records.values()) own.sort((a, b) => a.offset - b.offset);
  const isCut = partitions.some((partition) => produced.offsets(partition).distinct > most);
  const notes = isCut ? [`Only the newest ${most} records of a partition are drawn.`] : [];
  return { records, notes };
}

/** An axis of offsets with as many labels as can be read. */
export function offsetAxis(records: Map<number, DrawnRecord[]>): object {
  const all = [...new Set([...records.values()].flat().map(({ offset }) => offset))].sort(
    (a, b) => a - b,
  );
  const step = Math.ceil(all.length / 21);
  return {
    labelAngle: 0,
    labelOverlap: true,
    ticks: false,
    values: all.filter((_, i) => i % step === 0),
  };
}
