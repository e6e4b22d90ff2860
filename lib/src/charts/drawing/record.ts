import type { Ledger, Place } from '../../ledger/index.js';
import { list } from '../../words.js';
import { brief, MOST_OF_KEY, shown, shownValue } from './words.js';

/** What the tooltip of a mark shows of its record: data, escaped and short. What is left out is not known. */
export interface Told {
  partition: number;
  offset: number;
  key: string;
  value?: string | undefined;
  /** When the broker acknowledged it, in milliseconds since 1970. */
  time?: number | undefined;
  /** The members that processed it. */
  by?: string | undefined;
}

/** A record as charts have it; `time` undefined where the ledger knows no more than that it was produced. */
interface Drawn extends Place {
  key: string | null;
  time: number | undefined;
}

/** An order of the shop fits. */
const MOST_OF_VALUE = 80;
const LEAST_OF_VALUE = 24;
/** The values of one chart share so many characters: it stays small in its notebook. */
const ROOM = 4000;

/**
 * What the ledger knows of records that were produced in this lab, for a chart with so many marks; who processed them, as
 * given.
 */
export function teller(ledger: Ledger, marks: number): (record: Drawn, by?: string) => Told {
  const most = Math.max(LEAST_OF_VALUE, Math.min(MOST_OF_VALUE, Math.floor(ROOM / marks)));
  return (record, by) => {
    const { partition, offset, key, time } = record;
    const preview = ledger.preview(record);
    return {
      ...{ partition, offset },
      key: time === undefined ? 'not kept' : key === null ? 'no key' : brief(key, MOST_OF_KEY),
      value: preview && shownValue(preview, most),
      time: time && Math.round(time),
      by,
    };
  };
}

/** Goes before the marks that a tooltip with `RECORD_TOOLTIP` is for: in words what `Told` has as figures, or not at all. */
export const RECORD_WORDS = [
  ['at', "isNumber(datum.time) ? timeFormat(datum.time, '%H:%M:%S.%L') : 'not kept'"],
  ['value', "isValid(datum.value) ? datum.value : 'kept of the newest only'"],
  ['by', "isValid(datum.by) ? datum.by : 'nobody yet'"],
].map(([as, calculate]) => ({ calculate, as }));

/** The name of a partition, for an axis or a legend. */
export function laneName(partition: number): string {
  return `partition ${partition}`;
}

/** The same of a record's. */
export const LANE = { calculate: "'partition ' + datum.partition", as: 'lane' };

export const VALUE = { field: 'value' };
export const PRODUCED_AT = { field: 'at', title: 'produced at' };

/** The record behind a mark. */
export const RECORD_TOOLTIP = [
  ...['partition', 'offset', 'key'].map((field) => ({ field })),
  VALUE,
  PRODUCED_AT,
  { field: 'by', title: 'processed by' },
];

const MOST_MEMBERS = 3;

/** Who of a group has processed which of these records, as words: one pass through what was processed. */
export function readers(
  ledger: Ledger,
  { topic, group }: { topic: string; group: string },
  records: Iterable<{ partition: number; offset: number }>,
): (record: { partition: number; offset: number }) => string | undefined {
  const wanted = new Map<number, Map<number, Set<string>>>();
  for (const { partition, offset } of records) {
    const own = wanted.get(partition) ?? new Map<number, Set<string>>();
    wanted.set(partition, own.set(offset, new Set()));
  }
  const processed = ledger.trail('processed', { topic, group });
  for (let i = 0; i < processed.length; i++)
    wanted.get(processed.partition(i))?.get(processed.offset(i))?.add(processed.member(i));
  return ({ partition, offset }) => {
    const members = [...(wanted.get(partition)?.get(offset) ?? [])];
    if (members.length > 0) return shown(list(limited(members)));
    return processed.offsets(partition).at(offset) > 0 ? 'not kept' : undefined;
  };
}

function limited(names: string[]): string[] {
  if (names.length <= MOST_MEMBERS) return names;
  return [...names.slice(0, MOST_MEMBERS), `${names.length - MOST_MEMBERS} more`];
}
