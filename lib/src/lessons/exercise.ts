import { host, ON_STAGE } from '../host.js';
import { type Comparison, judge, show } from './judge.js';
import { remember } from './progress.js';

/** Says whether an exercise is solved, or what is still missing. Never fails the cell. */
export function exercise<T>(claim: string, comparison: Comparison<T>): void {
  const verdict = judge(comparison);
  const isSolved = verdict.is === 'so';
  const said = isSolved
    ? `✓ Solved: ${claim}: ${show(comparison.observed)}`
    : `Not yet: ${claim}. ${verdict.why}`;
  host().display({ 'text/plain': said }, { metadata: { [ON_STAGE]: {} } });
  if (isSolved) remember('exercise', claim);
}
