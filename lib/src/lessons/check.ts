import { LabError } from '../errors.js';
import { host } from '../host.js';
import { type Comparison, judge, show } from './judge.js';
import { remember } from './progress.js';

/**
 * Checks a claim on facts: says that it holds, or fails the cell with both sides and the records that speak against it.
 * @throws LabError CHECK_FAILED; BAD_INPUT when nothing has happened or the observed value is missing, since that would prove nothing
 */
export function check<T>(claim: string, comparison: Comparison<T>): void {
  const verdict = judge(comparison);
  if (verdict.is === 'unseen') {
    throw new LabError('BAD_INPUT', {
      what: `Not checked: ${claim}.`,
      why: verdict.why,
      fix: 'Run the cells above first.',
    });
  }
  if (verdict.is === 'not so')
    throw new LabError('CHECK_FAILED', { what: `Not so: ${claim}.`, why: verdict.why });
  host().display({ 'text/plain': `✓ ${claim}: ${show(comparison.observed)}` });
  remember('check', claim);
}
