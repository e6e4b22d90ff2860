import { CONFIG, type Spec, WIDTH } from './chart.js';
import { inLines } from './words.js';

/** How much room there is for a chart in JupyterLab's window, as an expression. Other pages put their own in its place. */
// From a window of 1280 on it is the paper, like the frames of a live chart: CSS makes both as wide as the page.
// Slides draw it where there is no window.
export const ROOM = `clamp((windowSize()[0] || 1280) - 580, 320, ${WIDTH})`;

/**
 * The specification for a page: as wide as there is room between two side bars, where the SVG has the width of paper. Vega-Lite's own
 * `width: 'container'` finds no width in JupyterLab 4's output area, which then draws an empty picture again and again.
 */
export function fitted(spec: Spec): Spec {
  const one = [{ op: 'replace', path: '/width', value: { signal: ROOM } }];
  // Side by side, Vega fits nothing: each panel takes half of what axes and gaps leave.
  const half = { name: 'childWidth', update: `(${ROOM} - 138) / 2` };
  const two = [{ op: 'replace', path: '/signals/0', value: half }];
  // Below one another they have one width: the paper's, less what axes take.
  const below = (spec['vconcat'] as { width: number }[] | undefined)?.[0];
  const stack = [
    {
      op: 'replace',
      path: '/width',
      value: { signal: `${ROOM} - ${WIDTH - (below?.width ?? 0)}` },
    },
  ];
  const patch = 'hconcat' in spec ? two : below ? stack : one;
  const config = narrower((spec['config'] ?? CONFIG) as typeof CONFIG);
  const usermeta = { embedOptions: { actions: false, renderer: 'svg', patch } };
  const title = inFewerLetters(spec['title']);
  return { ...(inRoom(spec) as Spec), ...(title && { title }), config, usermeta };
}

/** Where there is less room, in pixels, a chart is drawn for a narrow page. */
const NARROW = 480;

/** There, so many letters of a title, and of what stands below it, have room in a line. */
const TITLE_LETTERS = 36;
const SUBTITLE_LETTERS = 44;

/** Names that are longer do not fit beside each other in a legend. */
const BESIDE_LETTERS = 12;

/** The title, which where there is little room has more lines: each line ends where there is a space. */
function inFewerLetters(title: unknown): object | undefined {
  if (title === undefined) return undefined;
  const { text, subtitle = [] } = (typeof title === 'string' ? { text: title } : title) as {
    text: string;
    subtitle?: string | string[];
  };
  const below = [subtitle].flat();
  const when = (narrow: string[], wide: string[]) => ({
    signal: `${ROOM} < ${NARROW} ? ${JSON.stringify(narrow)} : ${JSON.stringify(wide)}`,
  });
  return {
    text: when(inLines(text, TITLE_LETTERS), [text]),
    ...(below.length > 0 && {
      subtitle: when(
        below.flatMap((line) => inLines(line, SUBTITLE_LETTERS)),
        below,
      ),
    }),
  };
}

/** The same with fewer columns in legends that would not fit. */
function inRoom(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(inRoom);
  if (typeof part !== 'object' || part === null) return part;
  const entries = Object.entries(part).map(([name, inner]) =>
    name === 'columns' && typeof inner === 'number'
      ? [name, { signal: `max(1, floor(${inner} * min(1, (${ROOM}) / ${WIDTH})))` }]
      : [name, name === 'values' ? inner : inRoom(inner)],
  );
  return withLegend(Object.fromEntries(entries));
}

/** Long names stand below one another where there is little room. */
function withLegend(part: Record<string, unknown>): object {
  const { scale, legend } = part as { scale?: { domain?: unknown }; legend?: object | null };
  const names = Array.isArray(scale?.domain) ? scale.domain : [];
  const isLong = names.some((name) => typeof name === 'string' && name.length > BESIDE_LETTERS);
  if (!isLong || legend === null || 'axis' in part) return part;
  const columns = { signal: `${ROOM} < ${NARROW} ? 1 : 0` };
  return { ...part, legend: { columns, ...legend } };
}

/**
 * Where there is room for two thirds of the paper only, letters are smaller, legends have two columns, and what is still too
 * long for a title ends in dots: else it would be cut off, or run into its neighbour.
 */
function narrower({ axis, title, legend, ...rest }: typeof CONFIG): object {
  const when = (narrow: string, wide: number | string) => ({
    signal: `${ROOM} < ${NARROW} ? ${narrow} : ${wide}`,
  });
  return {
    ...rest,
    axis: {
      ...axis,
      labelFontSize: when('10', axis.labelFontSize),
      titleFontSize: when('10', axis.titleFontSize),
    },
    // One that is wider than its axis ends where that ends.
    axisX: { titleAnchor: when("'end'", "'middle'") },
    title: { ...title, fontSize: when('11', title.fontSize), limit: when(`${ROOM} - 24`, 0) },
    legend: { ...legend, columns: when('2', 0) },
  };
}
