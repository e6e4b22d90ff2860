import { SourceMap, type SourceMapPayload } from 'node:module';

const MAP_COMMENT = /\n?\/\/# sourceMappingURL=(?:data:application\/json;base64,)?(\S+)\s*$/;
/** Lines that tslab puts before a cell's code. */
const PREFIX_LINES = 1;
/** Cells that are remembered for stack traces. */
const MAX_CELLS = 500;

export interface Position {
  /** Both count from 1. */
  line: number;
  column: number;
}

/** Code without its source map comment, and the map as JSON if the comment held one. */
export function splitInlineMap(code: string): { code: string; map: string | undefined } {
  const comment = MAP_COMMENT.exec(code);
  if (!comment) return { code, map: undefined };
  const [text, data] = comment;
  const map = text.includes('base64,') ? Buffer.from(data ?? '', 'base64').toString() : undefined;
  return { code: code.slice(0, comment.index), map };
}

interface CellCode {
  count: number;
  source: string;
  /** From what runs to what was written, in the order of looking up. */
  maps: (string | SourceMap)[];
  /** Lines of the code that runs; what comes after them is a wrapper's. */
  lines: number;
  /** Characters before the code on its first line. */
  indent: number;
}

/** A place in a cell. */
export interface CellPosition extends Position {
  count: number;
  /** The text of the line. */
  text: string;
}

/** Where in the cells as written the code that runs comes from. */
export class Positions {
  private readonly cells = new Map<string, CellCode>();
  private serial = 0;

  /** Remembers a cell; returns the file name under which its code shall run. */
  add(cell: Omit<CellCode, 'maps'> & { maps: (string | undefined)[] }): string {
    const file = `cell_${++this.serial}.ts`;
    const maps = cell.maps.filter((map): map is string => map !== undefined);
    this.cells.set(file, { ...cell, maps });
    this.cells.delete(`cell_${this.serial - MAX_CELLS}.ts`);
    return file;
  }

  /** The place in the cell for a place in the code that runs; undefined if it is not a cell's. */
  find(file: string, { line, column }: Position): CellPosition | undefined {
    const cell = this.cells.get(file);
    if (!cell || line > cell.lines) return undefined;
    let at = { line: line - 1, column: column - 1 - (line === 1 ? cell.indent : 0) };
    for (const [index, map] of cell.maps.entries()) {
      const parsed =
        typeof map === 'string' ? new SourceMap(JSON.parse(map) as SourceMapPayload) : map;
      cell.maps[index] = parsed;
      const entry = parsed.findEntry(at.line, at.column);
      if (!('originalLine' in entry)) return undefined;
      at = { line: entry.originalLine, column: entry.originalColumn };
    }
    const place = { line: at.line + 1 - PREFIX_LINES, column: at.column + 1 };
    return { ...place, count: cell.count, text: cell.source.split('\n')[place.line - 1] ?? '' };
  }
}
