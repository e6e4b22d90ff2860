import type { Spec } from '../charts/drawing/chart.js';
import { isNothingYet } from '../charts/drawing/rows.js';
import { type Notebook, sourceOf } from '../slides/notebook.js';
import type { Files } from './publishing.js';

const DRAWING = /!\[[^\]]*\]\((drawings\/[\w-]+\.svg)\)/;

/** What stands for a notebook in the contents: its first drawing, or else its first chart; its path on the site. */
export function thumbnail({ cells }: Notebook, name: string, files: Files): string | undefined {
  const prose = cells.filter(({ cell_type }) => cell_type === 'markdown').map(sourceOf);
  const drawing = DRAWING.exec(prose.join('\n'))?.[1];
  if (drawing) return drawing;
  const outputs = cells.flatMap((cell) => cell.outputs ?? []);
  const chart = outputs.flatMap(({ data }) => drawnIn(data ?? {})).at(0);
  if (!chart) return undefined;
  const path = `pictures/${name}.svg`;
  files.set(path, chart);
  return path;
}

/** The picture of a chart that has something to draw. */
function drawnIn(data: Record<string, unknown>): string[] {
  const { 'image/svg+xml': svg, 'application/vnd.vegalite.v5+json': spec } = data;
  return svg && spec && !isNothingYet(spec as Spec) ? [[svg].flat().join('')] : [];
}
