import { inspect, isDeepStrictEqual } from 'node:util';
import { LabError } from '../errors.js';
import { host } from '../host.js';

/** What was seen, beside what should be: a value equal in depth, or a predicate that has to hold. */
export type Comparison<T> = { observed: T } & (
  | { expected: T }
  | { holds: (observed: T) => boolean }
);

/**
 * Checks a claim on facts: says that it holds, or fails the cell with both sides.
 * @throws LabError CHECK_FAILED; BAD_INPUT when nothing was observed, since that would prove nothing
 */
export function check<T>(claim: string, comparison: Comparison<T>): void {
  const { observed } = comparison;
  if (isNothing(observed)) {
    throw new LabError('BAD_INPUT', {
      what: `Not checked: ${claim}.`,
      why: 'Nothing was observed, so nothing can be said.',
      fix: 'Run the cells above first.',
    });
  }
  if (!holds(comparison)) {
    const expected =
      'expected' in comparison ? `Expected ${show(comparison.expected)}, observed` : 'Observed';
    throw new LabError('CHECK_FAILED', {
      what: `Not so: ${claim}.`,
      why: `${expected} ${show(observed)}.`,
    });
  }
  host().display({ 'text/plain': `✓ ${claim}: ${show(observed)}` });
}

function holds<T>(comparison: Comparison<T>): boolean {
  const { observed } = comparison;
  return 'holds' in comparison
    ? comparison.holds(observed)
    : isDeepStrictEqual(observed, comparison.expected);
}

/** No value, or a collection or record of figures in which there is nothing above zero. */
function isNothing(observed: unknown): boolean {
  if (observed === undefined || observed === null) return true;
  if (typeof observed !== 'object') return observed === 0;
  return Object.values(observed).every(isNothing);
}

function show(value: unknown): string {
  return inspect(value, {
    depth: 4,
    compact: true,
    breakLength: Infinity,
    maxArrayLength: 12,
    maxStringLength: 200,
  });
}
