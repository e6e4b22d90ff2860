import { type Notebook, sourceOf } from '../slides/notebook.js';
import type { Files } from './publishing.js';

const DRAWING = /!\[[^\]]*\]\((drawings\/[\w-]+\.svg)\)/;

/** What stands for a notebook in the contents: its first drawing, or else its first chart; its path on the site. */
export function thumbnail({ cells }: Notebook, name: string, files: Files): string | undefined {
  const prose = cells.filter(({ cell_type }) => cell_type === 'markdown').map(sourceOf);
  const drawing = DRAWING.exec(prose.join('\n'))?.[1];
  if (drawing) return drawing;
  const outputs = cells.flatMap((cell) => cell.outputs ?? []);
  const charts = outputs.map(({ data }) => [data?.['image/svg+xml'] ?? ''].flat().join(''));
  const chart = charts.find((svg) => svg.includes('<svg') && heightOf(svg) > LOW);
  if (!chart) return undefined;
  const path = `pictures/${name}.svg`;
  files.set(path, chart);
  return path;
}

/** A chart of so many pixels only says that there is nothing to draw. */
const LOW = 110;

const heightOf = (svg: string) => Number(/^<svg [^>]*?\bheight="([\d.]+)"/.exec(svg)?.[1] ?? 0);
