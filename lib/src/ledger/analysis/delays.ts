import type { RecordFact } from '../store/facts.js';
import type { Ledger } from '../store/ledger.js';
import { placeName } from '../store/place.js';
import type { Span } from './load.js';

/** How long the records that were produced in a stretch of time waited for a group. */
export interface Delays {
  /** When the stretch begins, in milliseconds since 1970: later than asked for where the ledger does not reach back so far. */
  from: number;
  /** Records produced in it, those too that have left the log. */
  arrived: number;
  /** Those of them that the group had processed before the stretch ended, as they were first processed. */
  meanwhile: RecordFact[];
  /** From produced to first processed, in whole milliseconds; infinite where half of the records are not processed, NaN without any. */
  median: number;
}

/** The delays of the records of a topic that were produced from one moment to just before another. */
export function delays(ledger: Ledger, group: string, topic: string, span: Span): Delays {
  const from = Math.max(span.from, ledger.keptFrom);
  const first = firstByPlace(ledger.records('processed', { group, topic }));
  const arrived = ledger
    .records('produced', { topic })
    .filter(({ time }) => time >= from && time < span.to)
    .map((record) => ({ record, done: first.get(placeName(record)) }));
  const waits = arrived.map(({ record, done }) => (done?.time ?? Infinity) - record.time);
  waits.sort((a, b) => a - b);
  return {
    from,
    arrived: arrived.length,
    meanwhile: arrived.flatMap(({ done }) => (done && done.time < span.to ? [done] : [])),
    median: Math.round(waits[waits.length >> 1] ?? NaN),
  };
}

function firstByPlace(processed: RecordFact[]): Map<string, RecordFact> {
  const first = new Map<string, RecordFact>();
  for (const fact of processed) {
    const place = placeName(fact);
    if (!first.has(place)) first.set(place, fact);
  }
  return first;
}
