import { type DeliveredRecord, deliveredRecords, type Ledger, namer } from '../../ledger/index.js';
import { count } from '../../words.js';
import { caveats } from '../drawing/caveats.js';
import { type Chart, chart, mostRows } from '../drawing/chart.js';
import { nothingYet } from '../drawing/rows.js';
import { brief, called, leftOut, sentence, telling } from '../drawing/words.js';
import { type Named, type Row, recordsSpec, toRow, toSquares } from './records-spec.js';
import { stateOf } from './states.js';
import { deliveriesTold, newest, newestOnly, whose } from './text.js';

interface Options {
  topic: string;
  group: string;
  /** After how many deliveries Kafka gives a record of a share group up: 5, unless the broker or the group says otherwise. */
  limit?: number;
}

/** A row that can be read has so many pixels. */
const LEAST_OF_ROW = 20;

/** Of a record so many deliveries are drawn. */
const MOST_DELIVERIES = 12;

/**
 * How often each record was delivered to a group, and how each delivery ended: a row for each record. Of a share group's record that was
 * delivered as often as may be, and given back each time, it says so: nobody gets it any more.
 */
export function deliveries(ledger: Ledger, { topic, group, limit }: Options): Chart {
  const of = { topic, group };
  const { kind, records } = deliveredRecords(ledger, of, limit);
  const title = `How often each record was delivered: ${kind} ${called(group)}`;
  const nameOf = namer(ledger, of);
  const drawn = telling(records, mostRows(LEAST_OF_ROW), (record) => record.count);
  const notes = leftOut(drawn.length, records.length, 'record', 'those delivered most often');
  const text = sentence({
    items: records.filter((record) => record.count > 1),
    weight: (record) => (record.isExhausted ? Infinity : record.count),
    word: (record) => told(record, nameOf(record.jobs[0])),
    say: (words) => `${newest(ledger, kind, of)}${whose(kind, of)}: ${summary(records, words)}`,
    notes: [...notes, ...caveats(ledger, topic)],
  });
  if (records.length === 0) return chart(text, nothingYet(title, 'no record was delivered yet'));
  const several = new Set(records.map(({ partition }) => partition)).size > 1;
  const most = MOST_DELIVERIES;
  const named = drawn.map(({ jobs: [first] }, n) => ({ row: `${n}`, name: nameOf(first) }));
  const rows: Row[] = drawn.map((record, n) => toRow(record, named[n] as Named, { several, most }));
  const squares = drawn.flatMap((record, n) => toSquares(record, named[n] as Named, most));
  const jobs = drawn.flatMap((record) => record.jobs);
  const drawing = recordsSpec(title, { rows, squares, jobs });
  return chart(text, drawing, [...newestOnly(ledger, { kind }, of), ...notes]);
}

/** A record's own count is Kafka's, or of all that ever came; the sum is of those that are known one by one. */
function summary(records: readonly DeliveredRecord[], words: readonly string[]): string {
  if (records.length === 0) return 'no record was delivered yet.';
  const all = records.reduce((sum, { jobs }) => sum + jobs.length, 0);
  const often = words.length > 0 ? `more than once: ${words.join(', ')}` : 'none more than once';
  return `${count(records.length, 'record')} in ${deliveriesTold(all)}; ${often}.`;
}

/** "job 3 3 times (accepted)", "poison 5 times (never accepted)". */
function told(record: DeliveredRecord, name: string): string {
  const last = record.jobs.at(-1) ?? record.jobs[0];
  const end = record.isExhausted ? 'never accepted' : stateOf(last);
  return `${brief(name)} ${count(record.count, 'time')} (${end})`;
}
