import { telling } from './words.js';

/**
 * Colours that people with any kind of colour vision tell apart, on white and on black. The first six are of Okabe and Ito ("Color
 * Universal Design", 2008), without black and yellow; each of the others is as far from all before it as the three common
 * kinds of colour blindness allow.
 */
const COLOURS = [
  ...['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00'],
  ...['#883355', '#8800ee', '#005500', '#cc11ee', '#0000ee', '#553399'],
] as const;

/** So many names one chart tells apart by colour. */
export const MOST_COLOURS = COLOURS.length;

/** What a chart tells apart by colour: names, and one more for those that are left. */
export interface Cast {
  domain: string[];
  range: string[];
  /** Under which name of the domain a name stands. */
  of(name: string): string;
}

/** A scale for names of which there may be more than colours: those of greatest weight, and the others in grey together. */
export function cast(
  names: readonly string[],
  { all = names, weight }: { all?: readonly string[]; weight: (name: string) => number },
): Cast {
  const kept = telling(names, MOST_COLOURS, weight);
  const own = new Set(kept);
  const { domain, range } = colours(kept, all);
  if (own.size === names.length) return { domain, range, of: (name) => name };
  const others = `${names.length - own.size} more`;
  return {
    domain: [...domain, others],
    range: [...range, OTHERS],
    of: (name) => (own.has(name) ? name : others),
  };
}

/** How many of `items` have which name. */
export function weightBy<T>(items: readonly T[], nameOf: (item: T) => string) {
  const found = new Map<string, number>();
  for (const item of items) found.set(nameOf(item), (found.get(nameOf(item)) ?? 0) + 1);
  return (name: string): number => found.get(name) ?? 0;
}

/** A partition without an owner. */
export const NOBODY = '#8c8c8c';
/** A record of which nobody knows whether it is there. */
export const DOUBTFUL = '#f0c36d';
/** A record that is still to be read. */
export const UNREAD = '#d9d9d9';
/** Those that have no colour of their own. */
export const OTHERS = '#b0b0b0';

/**
 * A Vega-Lite scale for `names`. A name's colour is its place in `all`, so that it is the same in every chart of a notebook,
 * unless another of `names` has it: no two that are shown together have one colour, up to `MOST_COLOURS`.
 */
export function colours(
  names: readonly string[],
  all = names,
): { domain: string[]; range: string[] } {
  const taken = new Set<number>();
  const range = names.map((name) => {
    let place = Math.max(0, all.indexOf(name)) % COLOURS.length;
    for (let i = 0; i < COLOURS.length && taken.has(place); i++)
      place = (place + 1) % COLOURS.length;
    taken.add(place);
    return COLOURS[place] as string;
  });
  return { domain: [...names], range };
}
