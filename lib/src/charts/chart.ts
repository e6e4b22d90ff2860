/** A Vega-Lite v5 specification: plain JSON. */
export type Spec = Record<string, unknown>;

/** A chart: a picture, and the same statement in one sentence for logs and for readers who cannot see it. */
export interface Chart {
  readonly spec: Spec;
  readonly text: string;
}

export const INK = '#222222';
const LINE = '#888888';

/**
 * White paper and dark ink, said of every part: JupyterLab's dark theme would else put light letters on it, and the SVG has no
 * theme to follow.
 */
const CONFIG = {
  font: 'system-ui, sans-serif',
  view: { stroke: null },
  // The sentence describes the picture; a name for each of its marks would make it three times as large.
  mark: { aria: false },
  axis: {
    labelFontSize: 12,
    labelLimit: 260,
    titleFontSize: 12,
    labelColor: INK,
    titleColor: INK,
    domainColor: LINE,
    tickColor: LINE,
    gridColor: '#eeeeee',
  },
  legend: {
    labelFontSize: 12,
    titleFontSize: 12,
    labelLimit: 240,
    orient: 'top',
    labelColor: INK,
    titleColor: INK,
  },
  header: { labelColor: INK },
  title: { fontSize: 14, anchor: 'start', offset: 10, color: INK, subtitleColor: INK },
};

/** The looks that all charts share, and the sentence as the picture's description for screen readers. */
export function chart(text: string, spec: Spec): Chart {
  return {
    text,
    spec: {
      $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
      description: text,
      width: 640,
      background: '#ffffff',
      padding: 8,
      config: CONFIG,
      ...spec,
    },
  };
}

/** What a viewer with a legend can do: a click on an entry leaves the others pale. Goes into the part whose legend it is. */
export function pickable(field: string): { params: object[]; opacity: object } {
  return {
    params: [{ name: 'picked', select: { type: 'point', fields: [field] }, bind: 'legend' }],
    opacity: { condition: { param: 'picked', value: 1 }, value: 0.12 },
  };
}

/**
 * The specification for a page: as wide as there is room between two side bars, where the SVG has the width of paper. Vega-Lite's own
 * `width: 'container'` finds no width in JupyterLab 4's output area, which then draws an empty picture again and again.
 */
export function fitted(spec: Spec): Spec {
  // What a window of 1280 leaves between files, prompt and contents is 678.
  const room = 'clamp(windowSize()[0] - 612, 320, 760)';
  const fit = { type: 'fit-x', contains: 'padding' };
  const one = [
    { op: 'replace', path: '/width', value: { signal: room } },
    { op: 'add', path: '/autosize', value: fit },
  ];
  // Side by side, Vega fits nothing: each panel takes half of what axes and gaps leave.
  const half = { name: 'childWidth', update: `(${room} - 130) / 2` };
  const two = [{ op: 'replace', path: '/signals/0', value: half }];
  const patch = 'hconcat' in spec ? two : one;
  const config = narrower((spec['config'] ?? CONFIG) as typeof CONFIG, room);
  return { ...spec, config, usermeta: { embedOptions: { actions: false, patch } } };
}

/**
 * Where there is room for two thirds of the paper only, letters are smaller, legends have two columns, and what is still too
 * long for a title ends in dots: else it would be cut off, or run into its neighbour.
 */
function narrower({ axis, title, legend, ...rest }: typeof CONFIG, room: string): object {
  const when = (narrow: string, wide: number) => ({
    signal: `${room} < 480 ? ${narrow} : ${wide}`,
  });
  return {
    ...rest,
    axis: {
      ...axis,
      labelFontSize: when('10', axis.labelFontSize),
      labelSeparation: when('4', 0),
      titleFontSize: when('10', axis.titleFontSize),
    },
    title: { ...title, fontSize: when('11', title.fontSize), limit: when(`${room} - 16`, 0) },
    legend: { ...legend, columns: when('2', 0) },
  };
}
