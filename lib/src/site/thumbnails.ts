import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Notebook, sourceOf } from '../slides/notebook.js';

const DRAWING = /!\[[^\]]*\]\((drawings\/[\w-]+\.svg)\)/;

/** What stands for a notebook in the contents: its first drawing, or else its first chart; its path on the site. */
export function thumbnail({ cells }: Notebook, name: string, output: string): string | undefined {
  const prose = cells.filter(({ cell_type }) => cell_type === 'markdown').map(sourceOf);
  const drawing = DRAWING.exec(prose.join('\n'))?.[1];
  if (drawing) return drawing;
  const outputs = cells.flatMap((cell) => cell.outputs ?? []);
  const chart = outputs.find(({ data }) => data?.['image/svg+xml'])?.data?.['image/svg+xml'];
  if (!chart) return undefined;
  const path = `pictures/${name}.svg`;
  writeFileSync(join(output, path), [chart].flat().join(''));
  return path;
}
