/** Cells that are remembered for stack traces. */
const MAX_CELLS = 500;

/** Counts from 1. */
export interface Position {
  line: number;
  column: number;
}

/** Counts from 0, as those do who compile. */
interface Place {
  line: number;
  column: number;
}

/** Code that runs, and what it was compiled from. */
export interface Code {
  /** What people call it: cell [3], or the file's name. */
  name: string;
  source: string;
  /** Where in the source a place of the code comes from; undefined for what stands for nothing in it. */
  origin(place: Place): Place | undefined;
}

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
  add(cell: Code): string {
    const file = `cell_${++this.serial}.ts`;
    this.known.set(file, cell);
    this.known.delete(`cell_${this.serial - MAX_CELLS}.ts`);
    return file;
  }

  /** Remembers a file whose code runs under `path`. */
  addFile(path: string, file: Code): void {
    this.known.set(path, file);
  }

  /** The place in what was written for a place in the code that runs; undefined if it is not known. */
  find(file: string, { line, column }: Position): SourcePosition | undefined {
    const code = this.known.get(file);
    const at = code?.origin({ line: line - 1, column: column - 1 });
    if (!code || !at) return undefined;
    const place = { line: at.line + 1, column: at.column + 1 };
    return { ...place, name: code.name, text: code.source.split('\n')[at.line] ?? '' };
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
