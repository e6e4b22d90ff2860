import { host } from '../host.js';
import { type Comparison, judge, show } from './judge.js';
import { remember } from './progress.js';

/** Says whether an exercise is solved, or what is still missing. Never fails the cell. */
export function exercise<T>(claim: string, comparison: Comparison<T>): void {
  const verdict = judge(comparison);
  if (verdict.is === 'so') {
    host().display({ 'text/plain': `✓ Solved: ${claim}: ${show(comparison.observed)}` });
    remember('exercise', claim);
    return;
  }
  host().display({ 'text/plain': `Not yet: ${claim}. ${verdict.why}` });
}
