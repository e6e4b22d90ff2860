import { MOST_OF_NAME } from './words.js';

/** A Vega-Lite v5 specification: plain JSON. */
export type Spec = Record<string, unknown>;

/** A chart: a picture, and the same statement in one sentence for logs and for readers who cannot see it. */
export interface Chart {
  readonly spec: Spec;
  readonly text: string;
}

/** A chart is so wide, with all that belongs to it, and at most so high, in pixels. */
export const WIDTH = 700;
/** For rows: what title, legend and axes leave of 800. */
const ROOM_FOR_ROWS = 536;

/** Letters of 12 pixels as Vega counts them where it cannot measure, and what a legend has beside each of its names. */
export const LETTER = 9.6;
const SYMBOL = 30;
const AXIS_LABELS = 260;
/** Of labels that would be closer than this some are left out, in pixels. */
const LABEL_GAP = 6;

export const INK = '#222222';
const LINE = '#888888';

/** Of the ground, which also shows between marks that touch. */
export const PAPER = '#ffffff';
export const GRID = '#eeeeee';

/**
 * White paper and dark ink, said of every part: the SVG has no theme to follow, and JupyterLab would else put the light letters of
 * Vega's dark theme on it. There, CSS (`lib/jupyter/custom.css`) gives paper, ink and grid the colours of the theme: so an open
 * page follows when the theme is changed, and what is saved and exported stays white.
 */
export const CONFIG = {
  font: 'system-ui, sans-serif',
  view: { stroke: null },
  // The sentence describes the picture; a name for each of its marks would make it three times as large.
  mark: { aria: false },
  axis: {
    labelFontSize: 12,
    labelLimit: AXIS_LABELS,
    titleFontSize: 12,
    // Vega would draw the first and the last number inwards, on their neighbours.
    labelFlush: false,
    labelSeparation: LABEL_GAP,
    labelColor: INK,
    titleColor: INK,
    domainColor: LINE,
    tickColor: LINE,
    gridColor: GRID,
  },
  legend: {
    labelFontSize: 12,
    titleFontSize: 12,
    labelLimit: 260,
    orient: 'top',
    labelColor: INK,
    titleColor: INK,
  },
  header: { labelColor: INK },
  text: { color: INK },
  title: {
    ...{ fontSize: 14, anchor: 'start', frame: 'bounds', offset: 10, limit: 676 },
    ...{ color: INK, subtitleColor: INK },
  },
};

/**
 * The looks that all charts share, and the sentence as the picture's description for screen readers. What it leaves out stands
 * below its title.
 */
export function chart(text: string, spec: Spec, leftOut: readonly string[] = []): Chart {
  return {
    text,
    spec: {
      $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
      description: text,
      width: WIDTH,
      autosize: { type: 'fit-x', contains: 'padding' },
      background: PAPER,
      // Vega fits a picture before it chooses the last number of an axis: half of that may stand out.
      padding: { left: 8, top: 8, right: 16, bottom: 8 },
      config: CONFIG,
      ...spec,
      ...(leftOut.length > 0 ? { title: withNotes(spec['title'], leftOut) } : {}),
    },
  };
}

function withNotes(title: unknown, notes: readonly string[]): object {
  const { text, subtitle = [] } =
    typeof title === 'string' ? { text: title } : (title as { text: string; subtitle?: string });
  return { text, subtitle: [subtitle, notes].flat() };
}

/** The height of so many rows: of `step` pixels each, less where they are many. */
export function rows(n: number, step: number, room = ROOM_FOR_ROWS): number {
  return Math.max(1, n) * Math.min(step, Math.floor(room / Math.max(1, n)));
}

/** How many rows a chart has at most, where each needs `least` pixels. */
export const mostRows = (least: number): number => Math.floor(ROOM_FOR_ROWS / least);

/** Long names keep their beginning and their end, in legends and on axes: so many letters. */
const briefly = (most: number) => ({
  labelExpr: `length(datum.label) > ${most} ? slice(datum.label, 0, ${Math.floor(most / 2)}) + '…' + slice(datum.label, ${1 - Math.ceil(most / 2)}) : datum.label`,
});
/** For an axis of names, within the limit of its labels. */
export const BRIEF = briefly(27);

/** An axis of names has no line. At Vega's distance of 2 pixels, a name and its bar would touch. */
export const NAMES = { ticks: false, domain: false, labelPadding: 8 };

export interface Scale {
  domain: readonly string[];
  range?: readonly string[];
}

/** In one column, names of a legend would take more room than the chart. */
const LEAST_COLUMNS = 2;

/** What axes of numbers take of the width, on both sides. */
const NUMBERS = 120;

/** What an axis with these labels takes of the width. */
export function axisOf(labels: readonly string[]): number {
  return Math.min(widest(labels), AXIS_LABELS) + 2 * SYMBOL;
}

/** An encoding by name. */
export interface ToldApart {
  field: string;
  type: 'nominal';
  title: string | null;
  scale: Scale;
  legend?: object;
}

/** Colour or shape by name, with a legend in one row, or in as many columns as there is room for beside what axes take. */
export function toldApart(
  field: string,
  title: string | null,
  scale: Scale,
  axes = NUMBERS,
): ToldApart {
  const { domain } = scale;
  const room = WIDTH - axes;
  const isOneRow = domain.reduce((sum, name) => sum + widest([name]) + SYMBOL, 0) <= room;
  const inColumns = Math.max(LEAST_COLUMNS, Math.floor(room / (widest(domain) + SYMBOL)));
  const columns = isOneRow ? domain.length : inColumns;
  const letters = isOneRow
    ? MOST_OF_NAME
    : Math.min(MOST_OF_NAME, Math.floor((room / columns - SYMBOL) / LETTER));
  const legend = {
    ...(columns < domain.length ? { columns } : {}),
    ...(domain.some(({ length }) => length > letters) ? briefly(letters) : {}),
  };
  const isPlain = Object.keys(legend).length === 0;
  return { field, type: 'nominal', title, scale, ...(isPlain ? {} : { legend }) };
}

function widest(names: readonly string[]): number {
  return LETTER * Math.max(0, ...names.map(({ length }) => Math.min(length, MOST_OF_NAME)));
}

/** What a viewer with a legend can do: a click on an entry leaves the others pale. Goes into the part whose legend it is. */
export function pickable(field: string): { params: object[]; opacity: object } {
  return {
    params: [{ name: 'picked', select: { type: 'point', fields: [field] }, bind: 'legend' }],
    opacity: { condition: { param: 'picked', value: 1 }, value: 0.12 },
  };
}
