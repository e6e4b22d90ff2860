import { type Checked, isGone } from './checker.js';
import { type Declaration, declarationsOf, type TypesOf } from './declarations.js';
import type { Look } from './look.js';

/** A cell that was checked and has not run. */
export type Last = Look & { types: ReadonlySet<string> };

/** A cell that ran, whose declarations are still to be described. */
export interface Ran extends Last {
  missing: ReadonlySet<string>;
}

/** What later cells have to be told of a cell. */
export function described({ outline, types }: Last, typesOf: TypesOf): Declaration[] {
  return outline ? declarationsOf(outline, typesOf, types) : [];
}

/** Types as TypeScript says them of a cell that it has checked. */
export function typesBy({ above }: Last, checked: Checked): TypesOf {
  return (names) => (names.length > 0 ? checked.types(names.map(({ at }) => at + above)) : []);
}

/** What is said of values whose types cannot be had. */
export const untyped: TypesOf = (names) =>
  names.map(() => ({ text: 'any', isFresh: false, signatures: [] }));

/** Whether there is anything to be described. */
export function declares({ outline }: Look): boolean {
  const all = outline?.statements ?? [];
  return all.some(({ names, isAugmentation }) => names.length > 0 || isAugmentation);
}

/** Releases what TypeScript keeps of a cell. */
export function letGo({ checked }: Look): void {
  try {
    checked.dispose();
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
