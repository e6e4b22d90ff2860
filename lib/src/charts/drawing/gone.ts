import { PAPER, type ToldApart } from './chart.js';
import { NOBODY } from './palette.js';

/** The state of a record that compaction has removed, in legends. */
export const COMPACTED = 'compacted away';

/** Where a record was and none is any more: a hollow mark, since greys alone are not told apart. */
export const GONE = { type: 'rect', fillOpacity: 0, stroke: NOBODY, strokeWidth: 1.5 };

const IS_GONE = `datum.label === '${COMPACTED}'`;
const SYMBOLS = {
  fillOpacity: { condition: { test: IS_GONE, value: 0 }, value: 1 },
  stroke: { condition: { test: IS_GONE, value: NOBODY }, value: PAPER },
};

/** A legend in which it is hollow, too. */
export function withGone(color: ToldApart): ToldApart {
  if (!color.scale.domain.includes(COMPACTED)) return color;
  return { ...color, legend: { ...color.legend, encoding: { symbols: SYMBOLS } } };
}
