import { isDeepStrictEqual } from 'node:util';
import { BRIEF, NAMES, type Spec } from './chart.js';
import { inLines } from './words.js';

/** The axis of lanes, from top to bottom. */
export const byLane = (lanes: readonly string[]) => ({
  ...{ field: 'lane', type: 'nominal', title: null, sort: lanes },
  axis: { ...NAMES, grid: false, ...BRIEF },
});

/** The axis of rows that are told apart by something else than their names, from top to bottom. */
export function byRow(all: readonly { row: string; name: string }[]) {
  const names = Object.fromEntries(all.map(({ row, name }) => [row, name]));
  return {
    ...{ field: 'row', type: 'nominal', title: null },
    scale: { domain: all.map(({ row }) => row) },
    axis: { ...NAMES, grid: false, labelExpr: `${JSON.stringify(names)}[datum.label]` },
  };
}

/** A line has room on a narrow page; half of what one is below another, in pixels. */
const LETTERS = 44;
const LINE = 7;

/** A text needs one. */
const NO_VALUES = [{}];

/** What is drawn while there is nothing to draw: the title, and why. */
export function nothingYet(title: string | object, why: string): Spec {
  const lines = inLines(why, LETTERS);
  const mark = { type: 'text', text: lines, dy: -LINE * (lines.length - 1) };
  return { title, height: 34 + LINE * (lines.length - 1), data: { values: NO_VALUES }, mark };
}

/** Whether a chart only says that there is nothing to draw. */
export function isNothingYet({ data }: Spec): boolean {
  return isDeepStrictEqual(data, { values: NO_VALUES });
}
