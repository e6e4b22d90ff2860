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

/** Code that runs, and what it was compiled from. */
interface Code {
  /** What people call it: cell [3], or the file's name. */
  name: string;
  source: string;
  /** From what runs to what was written, in the order of looking up. */
  maps: (string | SourceMap | undefined)[];
  /** Lines of the code that runs; what comes after them is a wrapper's. */
  lines: number;
  /** Characters before the code on its first line. */
  indent: number;
  /** Lines that tslab puts before what was written. */
  above: number;
}
type Written = Pick<Code, 'name' | 'source'> & {
  code: string;
  maps: readonly (string | undefined)[];
};

/** A place in a cell, or in a file that was compiled for one. */
export interface SourcePosition extends Position {
  name: string;
  /** The text of the line. */
  text: string;
}

/** Where in the cells as written the code that runs comes from. */
export class Positions {
  private readonly known = new Map<string, Code>();
  private serial = 0;

  /** `hidden`: folders of libraries whose frames no traceback shows. */
  constructor(readonly hidden: readonly string[] = []) {}

  /** Remembers a cell; returns the file name under which its code shall run. */
  add(cell: Written & { indent: number }): string {
    const file = `cell_${++this.serial}.ts`;
    this.known.set(file, { ...codeOf(cell), indent: cell.indent, above: PREFIX_LINES });
    this.known.delete(`cell_${this.serial - MAX_CELLS}.ts`);
    return file;
  }

  /** Remembers a file whose code runs under `path`. `virtual`: a cell is what it was written in. */
  addFile(path: string, file: Written & { virtual: boolean }): void {
    const above = file.virtual ? PREFIX_LINES : 0;
    this.known.set(path, { ...codeOf(file), indent: 0, above });
  }

  /** The place in what was written for a place in the code that runs; undefined if it is not known. */
  find(file: string, { line, column }: Position): SourcePosition | undefined {
    const code = this.known.get(file);
    if (!code || line > code.lines) return undefined;
    let at = { line: line - 1, column: column - 1 - (line === 1 ? code.indent : 0) };
    for (const [index, map] of code.maps.entries()) {
      if (map === undefined) continue;
      const parsed =
        typeof map === 'string' ? new SourceMap(JSON.parse(map) as SourceMapPayload) : map;
      code.maps[index] = parsed;
      const entry = parsed.findEntry(at.line, at.column);
      if (!('originalLine' in entry)) return undefined;
      at = { line: entry.originalLine, column: entry.originalColumn };
    }
    const place = { line: at.line + 1 - code.above, column: at.column + 1 };
    return { ...place, name: code.name, text: code.source.split('\n')[place.line - 1] ?? '' };
  }

  /** Whether the file is one that was remembered. */
  has(file: string): boolean {
    return this.known.has(file);
  }

  /** A line as it was written, for a place that was named by a stack; undefined if it is not known. */
  line(name: string, line: number): string | undefined {
    const codes = [...this.known.values()].filter((code) => code.name === name);
    return codes.at(-1)?.source.split('\n')[line - 1];
  }
}

function codeOf({ name, source, code, maps }: Written): Omit<Code, 'indent' | 'above'> {
  return { name, source, maps: [...maps], lines: code.split('\n').length };
}
