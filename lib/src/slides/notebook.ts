/** The parts of a notebook's JSON that slides and pages are made of. What else it holds is carried along. */
export interface Notebook {
  cells: Cell[];
  metadata: Record<string, unknown>;
}

export interface Cell {
  id: string;
  cell_type: string;
  source: string | string[];
  metadata: { slideshow?: { slide_type?: SlideType } } & Record<string, unknown>;
  outputs?: Output[];
}

export interface Output {
  data?: Record<string, unknown>;
  metadata?: Record<string, unknown>;
  /** Of a stream. */
  text?: string | string[];
  /** Of an error: lines, with the colours of terminals. */
  traceback?: string[];
}

/** Jupyter's words; `-` goes on with the slide before. */
export type SlideType = 'slide' | 'subslide' | 'fragment' | 'skip' | 'notes' | '-';

export function sourceOf({ source }: Cell): string {
  return [source].flat().join('');
}
