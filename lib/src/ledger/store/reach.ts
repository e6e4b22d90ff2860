import type { Trail } from '../trails/trail.js';
import type { Ledger } from './ledger.js';

/** How far back a ledger can answer. */
export interface Reach {
  /** From when on facts count, in milliseconds since 1970. */
  from: number;
  /** All facts count, those too of which only sums are kept. */
  isWhole: boolean;
  /** Facts are left out, because their detail was given up: those before `from`, which is later than was asked for. */
  isCut: boolean;
}

/** What a ledger can say of what happened from `from` on: sums are kept of all that is forgotten, not of a part of it. */
export function reach(ledger: Ledger, trails: readonly Trail[], from: number): Reach {
  const { keptFrom } = ledger;
  if (from >= keptFrom) return { from, isWhole: false, isCut: false };
  const first = Math.min(...trails.map((trail) => trail.first ?? Infinity));
  if (from <= first && trails.every(({ isSummed }) => isSummed))
    return { from, isWhole: true, isCut: false };
  return { from: keptFrom, isWhole: false, isCut: trails.some(({ forgotten }) => forgotten > 0) };
}
