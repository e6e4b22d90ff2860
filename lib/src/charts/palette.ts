/**
 * Colours that people with any kind of colour vision tell apart (Okabe and Ito, "Color Universal Design", 2008),
 * without black and yellow, which vanish in lines and on white.
 */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00'] as const;

/** A partition without an owner. */
export const NOBODY = '#8c8c8c';
/** A record that is still to be read. */
export const UNREAD = '#d9d9d9';

/**
 * A Vega-Lite scale for `names`. A name's colour is its place in `all`, so that it is the same in every chart
 * of a notebook.
 */
export function colours(
  names: readonly string[],
  all = names,
): { domain: string[]; range: string[] } {
  const colourOf = (name: string) => COLOURS[all.indexOf(name) % COLOURS.length] as string;
  return { domain: [...names], range: names.map(colourOf) };
}
