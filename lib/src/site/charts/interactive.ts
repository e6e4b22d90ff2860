import { type Spec, WIDTH } from '../../charts/drawing/chart.js';
import { ROOM } from '../../charts/drawing/fitted.js';

/** A Vega specification: plain JSON. */
export interface Vega extends Record<string, unknown> {
  signals?: Signal[];
}

export interface Signal extends Record<string, unknown> {
  name: string;
}

/** The signal that says how wide a chart may be, in pixels; the page sets it. */
export const ROOM_SIGNAL = 'room';

interface Patch {
  path: string;
  value: Record<string, unknown>;
}

/** A chart as a notebook holds it, compiled for a page: as wide as the signal `room` says. */
export async function interactive(chart: Spec): Promise<Vega> {
  const { usermeta, ...spec } = JSON.parse(
    JSON.stringify(chart).replaceAll(ROOM, ROOM_SIGNAL),
  ) as Spec & { usermeta?: { embedOptions?: { patch?: Patch[] } } };
  const { compile } = await import('vega-lite');
  const {
    $schema: _,
    background: __,
    ...vega
  } = compile(spec as never, { logger: SILENT }).spec as Vega;
  for (const { path, value } of usermeta?.embedOptions?.patch ?? []) replace(vega, path, value);
  const room = { name: ROOM_SIGNAL, value: WIDTH };
  return { ...vega, signals: [room, ...(vega.signals ?? [])] };
}

/** The only ones that charts have: the width, or the signal that all panels take theirs from. */
function replace(vega: Vega, path: string, value: Record<string, unknown>): void {
  if (path === '/width') {
    delete vega['width'];
    // With a value from the start: Vega makes an element of this width before it asks for any.
    const width = { name: 'width', value: WIDTH, update: String(value['signal']) };
    vega.signals = [width, ...(vega.signals ?? [])];
  }
  const at = vega.signals?.findIndex(({ name }) => name === value['name']) ?? -1;
  if (path.startsWith('/signals/') && at >= 0) vega.signals?.splice(at, 1, value as Signal);
}

const SILENT = {
  level: () => SILENT,
  warn: () => SILENT,
  info: () => SILENT,
  debug: () => SILENT,
  error: () => SILENT,
} as never;
