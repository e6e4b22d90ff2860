/** How wide lines are, and by how much each is wider than the one on top of it, in pixels. */
const NARROWEST = 2;
const WIDEST = 7;
const RIM = 2.5;

/** The width of each of so many lines, drawn in the order of the scale's names: of those in one place, each shows beside the next. */
export function rimmed(field: string, lines: number): object {
  const rim = Math.min(RIM, (WIDEST - NARROWEST) / Math.max(1, lines - 1));
  const above = `length(domain('color')) - 1 - indexof(domain('color'), datum.${field})`;
  return { strokeWidth: { expr: `${NARROWEST} + ${rim} * (${above})` } };
}

/** An axis from 0 up to the greatest of its values; at least to `least`: what is less does not fill the picture. */
export function upwards(field: string, title: string, values: number[], least: number): object {
  const most = values.reduce((high, value) => Math.max(high, value), least);
  const scale = { domain: [0, most], nice: true };
  return { field, type: 'quantitative', title, scale, axis: { tickMinStep: least / FEW } };
}

/** A group that keeps up has one record left, again and again: that is a fifth of the picture. */
export const FEW = 5;
