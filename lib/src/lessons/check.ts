import { isDeepStrictEqual, inspect } from 'node:util';
import { LabError } from '../errors.js';
import { host } from '../host.js';

/** What a claim says should be, and what was seen. */
export interface Comparison {
  expected: unknown;
  observed: unknown;
}

/**
 * Checks a claim on facts: says that it holds, or fails the cell with both sides.
 * @throws LabError CHECK_FAILED; BAD_INPUT when nothing was observed, since that would prove nothing
 */
export function check(claim: string, { expected, observed }: Comparison): void {
  if (isNothing(observed)) {
    throw new LabError('BAD_INPUT', {
      what: `Not checked: ${claim}.`,
      why: 'Nothing was observed, so nothing can be said.',
      fix: 'Run the cells above first.',
    });
  }
  if (!isDeepStrictEqual(observed, expected)) {
    throw new LabError('CHECK_FAILED', {
      what: `Not so: ${claim}.`,
      why: `Expected ${show(expected)}, observed ${show(observed)}.`,
    });
  }
  host().display({ 'text/plain': `✓ ${claim}: ${show(observed)}` });
}

/** No value, or a collection or record of figures in which there is nothing above zero. */
function isNothing(observed: unknown): boolean {
  if (observed === undefined || observed === null) return true;
  if (typeof observed !== 'object') return observed === 0;
  return Object.values(observed).every(isNothing);
}

function show(value: unknown): string {
  return inspect(value, { depth: 4, breakLength: Infinity, maxArrayLength: 12, maxStringLength: 200 });
}
