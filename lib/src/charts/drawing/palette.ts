import { telling } from './words.js';

/**
 * Colours that people with any kind of colour vision tell apart; each has a contrast of 3 or more to white and to the ground of
 * JupyterLab's dark theme, since a chart cannot know on which it stands. The first four are of Okabe and Ito ("Color Universal
 * Design", 2008); its others are too pale on white. The rest are as far from each other as the three common kinds of colour
 * blindness allow.
 */
const COLOURS = [
  ...['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#885500', '#8800ff'],
  ...['#bb0088', '#ff33ee', '#0099ee', '#cc2244', '#bb44cc', '#ff4477'],
] as const;

/** So many names one chart distinguishes by colour. */
export const MOST_COLOURS = COLOURS.length;

/** What a chart distinguishes by colour: names, and one more for those that are left. */
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

/** Of a label on a mark with the colour of `field`: white where that is legible, else black, whatever the theme of the page. */
export const labelInk = (field: string) => ({
  condition: {
    test: `contrast(scale('color', datum.${field}), '#ffffff') < 4.5`,
    value: '#000000',
  },
  value: '#ffffff',
});

/** A partition without an owner, a place without a record. */
export const NOBODY = '#8c8c8c';
/** A record of which nobody knows whether it is there. */
export const DOUBTFUL = '#b8860b';
/** A record that is still to be read. */
export const UNREAD = '#949494';
/** Those that have no colour of their own. */
export const OTHERS = '#666666';

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
