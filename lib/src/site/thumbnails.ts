import { type Notebook, sourceOf } from '../slides/notebook.js';
import type { Files } from './publishing.js';

const DRAWING = /!\[[^\]]*\]\((drawings\/[\w-]+\.svg)\)/;

/** What stands for a notebook in the contents: its first drawing, or else its first chart; its path on the site. */
export function thumbnail({ cells }: Notebook, name: string, files: Files): string | undefined {
  const prose = cells.filter(({ cell_type }) => cell_type === 'markdown').map(sourceOf);
  const drawing = DRAWING.exec(prose.join('\n'))?.[1];
  if (drawing) return drawing;
  const outputs = cells.flatMap((cell) => cell.outputs ?? []);
  const chart = outputs.find(({ data }) => data?.['image/svg+xml'])?.data?.['image/svg+xml'];
  if (!chart) return undefined;
  const path = `pictures/${name}.svg`;
  files.set(path, [chart].flat().join(''));
  return path;
}
