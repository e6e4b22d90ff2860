import { BRIEF, INK, LETTER, NAMES, type ToldApart, WIDTH } from '../drawing/chart.js';

/** What the panels of a replay share. */
export interface Frame {
  /** Of what is drawn, without axes: in pixels. */
  width: number;
  /** Of the last moment, in seconds since the start. */
  last: number;
  /** Who owns, and who has processed. */
  color: ToldApart;
}

/** The names of rows have so much room, in pixels: at least what the lag with its title needs. */
const MOST_OF_NAMES = 180;
const LEAST_OF_NAMES = 80;
/** Between names and rows, at the borders, and for the half of a number that stands out. */
const ASIDE = 54;

/** How wide panels are whose rows have these names, in pixels. */
export function widthBeside(names: readonly string[]): number {
  const widest = names.reduce((most, name) => Math.max(most, name.length * LETTER), LEAST_OF_NAMES);
  return WIDTH - ASIDE - Math.ceil(Math.min(widest, MOST_OF_NAMES));
}

/** The axis of rows, by name. */
export const byName = (names: readonly string[]) => ({
  ...{ type: 'nominal', title: null, sort: names, scale: { domain: names } },
  axis: { ...NAMES, ...BRIEF, labelLimit: MOST_OF_NAMES, grid: false },
});

/** The axis of time, the same at every moment. */
export const overTime = (field: string, { last }: Frame) => ({
  ...{ field, type: 'quantitative', title: 'seconds' },
  scale: { domain: [0, last], nice: false },
  axis: { grid: false, ticks: false, tickCount: 8, labelPadding: 5 },
});

/** The moment that is shown. */
export const NOW = {
  data: { values: [{}] },
  mark: { type: 'rule', color: INK },
  encoding: { x: { datum: { expr: 't' }, type: 'quantitative' } },
};

export const panelTitle = (text: string) => ({
  text,
  ...{ fontSize: 12, offset: 8, frame: 'group' },
});
