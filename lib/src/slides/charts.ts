import type { Spec } from '../charts/drawing/chart.js';
import { drawSvg } from '../charts/drawing/svg.js';
import type { Cell, Notebook, Output } from './notebook.js';

const INTERACTIVE = 'application/vnd.vegalite.v5+json';
const PICTURE = 'image/svg+xml';

/** In pixels: a slide shows it a third larger, so that its letters of 12 have 16 there, beside code of 19. */
const WIDTH = 870;

/** The notebook with its charts redrawn: as wide for their height as a slide has room. */
export async function withWideCharts({ cells, ...rest }: Notebook): Promise<Notebook> {
  return { ...rest, cells: await Promise.all(cells.map(ofCell)) };
}

async function ofCell(cell: Cell): Promise<Cell> {
  if (!cell.outputs) return cell;
  return { ...cell, outputs: await Promise.all(cell.outputs.map(wide)) };
}

async function wide(output: Output): Promise<Output> {
  const spec = output.data?.[INTERACTIVE] as Spec | undefined;
  // Charts of two panels have no width of their own.
  if (typeof spec?.['width'] !== 'number' || !output.data?.[PICTURE]) return output;
  return {
    ...output,
    data: { ...output.data, [PICTURE]: await drawSvg({ ...spec, width: WIDTH }) },
  };
}
