import { type Cell, type Notebook, textOf } from './notebook.ts';

// Headless, a cell follows the one before within milliseconds. People read in between, and what a cell has left running goes on
// meanwhile: an experiment must not need the next cell to come in time.
const READING_MS = 2000;
const LEAVES_SOMETHING = /\b(lab\.steadily|lab\.service|startPacker|\w+\.run|\w+\.send)\(/;

/** The notebook as somebody runs it who reads: a pause behind each cell that may have left something running. */
export function withReading(notebook: Notebook): Notebook {
  const leaves = (cell: Cell) => cell.cell_type === 'code' && LEAVES_SOMETHING.test(textOf(cell));
  const cells = notebook.cells.flatMap((cell) => (leaves(cell) ? [cell, pause(cell)] : [cell]));
  return { ...notebook, cells };
}

function pause({ id }: Cell): Cell {
  const source = `await new Promise((read) => setTimeout(read, ${READING_MS}));`;
  const unrun = { metadata: {}, outputs: [], execution_count: null };
  return { cell_type: 'code', id: `${id}-read`, source, ...unrun };
}
