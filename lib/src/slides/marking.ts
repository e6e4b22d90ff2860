import { type Cell, type Notebook, type SlideType, sourceOf } from './notebook.js';

/** So much text, in characters, leaves room for a code cell and what it shows. */
const SHORT = 500;

/**
 * What is a slide, where its author has not said so in the cell's metadata: a heading begins one; a code cell stands
 * below a short text, or is a slide of its own, with what it shows; prose behind a code cell is for the presenter.
 * Hints and solutions stand alone.
 */
export function slideTypes(cells: readonly Cell[]): SlideType[] {
  return cells.map((cell, i) => said(cell) ?? usual(cell, cells[i - 1]));
}

/** The notebook with a type on each cell. What is there already stays, so this can be done again and again. */
export function marked(notebook: Notebook): Notebook {
  const types = slideTypes(notebook.cells);
  const cells = notebook.cells.map((cell, i) => ({
    ...cell,
    metadata: {
      ...cell.metadata,
      slideshow: { ...cell.metadata.slideshow, slide_type: types[i] as SlideType },
    },
  }));
  return { ...notebook, cells };
}

function said({ metadata }: Cell): SlideType | undefined {
  return metadata.slideshow?.slide_type;
}

function usual(cell: Cell, before: Cell | undefined): SlideType {
  const text = sourceOf(cell);
  if (cell.cell_type === 'code') return before && isShortIntroduction(before) ? '-' : 'subslide';
  if (!before || /^##? /m.test(outsideFences(text))) return 'slide';
  if (/^### /m.test(outsideFences(text)) || text.includes('<details>')) return 'subslide';
  if (before.cell_type !== 'code') return '-';
  // A drawing or a table cannot be read aloud.
  return /^(```|\|)|!\[/m.test(text) ? 'subslide' : 'notes';
}

function isShortIntroduction(cell: Cell): boolean {
  const text = sourceOf(cell);
  const isHeaded = /^#{1,3} /.test(text);
  return (
    cell.cell_type !== 'code' &&
    isHeaded &&
    text.length <= SHORT &&
    !/^(```|\||<details)/m.test(text)
  );
}

function outsideFences(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, '');
}
