import { someOf } from './topics.js';

/** For people: until the transactions end, their lag cannot fall to 0 for readers of committed records. */
export function whereOpen(places: readonly string[]): string {
  return `Transaction open: readers of committed records wait in ${someOf(places)}.`;
}
