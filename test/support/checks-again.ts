import { type Cell, type Notebook, textOf } from './notebook.ts';

const CHECKS = /(?<![.\w])(check|exercise)\(/;

/** The notebook, and each cell that checks something once more at its end: people go back when much has happened since. */
export function withChecksAgain(notebook: Notebook): Notebook {
  const checks = notebook.cells.filter(
    (cell) => cell.cell_type === 'code' && CHECKS.test(textOf(cell)) && !opens(cell),
  );
  const again = checks.map((cell): Cell => ({ ...cell, id: `${cell.id}-again` }));
  return { ...notebook, cells: [...notebook.cells, ...again] };
}

const opens = (cell: Cell) => textOf(cell).includes('openLab(');
