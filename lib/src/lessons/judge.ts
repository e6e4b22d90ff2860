import { inspect, isDeepStrictEqual } from 'node:util';
import { currentLesson } from '../ledger/index.js';

/** What was seen, beside what should be: a value equal in depth, a predicate that has to hold, or a list of what is missing. */
export type Comparison<T> = {
  observed: T;
  /** The ledger's records that speak against the claim. One is enough to refute it. */
  contradicting?: readonly ContradictingRecord[];
} & ({ expected: T } | { holds: (observed: T) => boolean } | { missing: readonly string[] });

/** A record's place, and whose it was: what the facts of a ledger have in common. */
export interface ContradictingRecord {
  topic: string;
  partition: number;
  offset: number;
  group?: string;
  member?: string;
}

/** `unseen`: nothing has happened, or no value was observed, so nothing is proved. */
export type Verdict = { is: 'so' } | { is: 'unseen'; why: string } | { is: 'not so'; why: string };

const MOST_NAMED = 5;

/** Compares what was observed with what is claimed. Whatever is claimed, an empty ledger proves nothing; 0, false and an empty list do. */
export function judge<T>(comparison: Comparison<T>): Verdict {
  const { observed, contradicting = [] } = comparison;
  if (!currentLesson()?.ledger.version)
    return { is: 'unseen', why: 'Nothing has happened in this lab yet, so nothing can be said.' };
  if (isMissing(observed))
    return { is: 'unseen', why: 'What was to be observed is missing, so nothing can be said.' };
  if (holds(comparison) && contradicting.length === 0) return { is: 'so' };
  const records = contradicting.length === 0 ? [] : [against(contradicting.map(recordName))];
  return { is: 'not so', why: [seen(comparison), ...records].join(' ') };
}

function seen<T>(comparison: Comparison<T>): string {
  const observed = show(comparison.observed);
  if ('expected' in comparison)
    return `Expected ${show(comparison.expected)}, observed ${observed}.`;
  return 'missing' in comparison ? against(comparison.missing) : `Observed ${observed}.`;
}

function holds<T>(comparison: Comparison<T>): boolean {
  const { observed } = comparison;
  if ('missing' in comparison) return comparison.missing.length === 0;
  return 'holds' in comparison
    ? comparison.holds(observed)
    : isDeepStrictEqual(observed, comparison.expected);
}

/** No value, or values all of which are missing. */
function isMissing(observed: unknown): boolean {
  if (typeof observed !== 'object' || observed === null) return observed === undefined;
  const values = Object.values(observed);
  return values.length > 0 && values.every(isMissing);
}

function against(all: readonly string[]): string {
  const shown = all.slice(0, MOST_NAMED).join('; ');
  return `Against it: ${shown}${all.length > MOST_NAMED ? `; and ${all.length - MOST_NAMED} more` : ''}.`;
}

function recordName({ topic, partition, offset, group, member }: ContradictingRecord): string {
  const whose = [group && `group ${group}`, member && `member ${member}`].filter(Boolean);
  return `${topic} partition ${partition} offset ${offset}${whose.length ? ` (${whose.join(', ')})` : ''}`;
}

/** A value in one line, shortened. */
export function show(value: unknown): string {
  return inspect(value, {
    depth: 4,
    compact: true,
    breakLength: Infinity,
    maxArrayLength: 12,
    maxStringLength: 200,
  });
}
