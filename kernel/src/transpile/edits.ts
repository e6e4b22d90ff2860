/** A place in a text; both count from 0. */
export interface Place {
  line: number;
  column: number;
}

interface Edit {
  start: number;
  end: number;
  text: string;
}

/** From where on the new text is the old one again, and where that is in the old one. */
interface Run {
  made: number;
  old: number;
}

/** A text with some of its parts replaced, which knows where the rest of it comes from. */
export class Edits {
  private readonly edits: Edit[] = [];

  constructor(private readonly source: string) {}

  /** Puts `text` in the place of what is from `start` up to `end`. Lines stay lines: those within are kept as empty ones. */
  replace(start: number, end: number, text: string): void {
    const lines = this.source.slice(start, end).replace(/[^\n]/g, '');
    this.edits.push({ start, end, text: text + lines });
  }

  /** What comes before at the same place goes before. */
  insert(at: number, text: string): void {
    this.replace(at, at, text);
  }

  /** @throws RangeError if two parts overlap */
  apply(): Edited {
    const { source } = this;
    const sorted = [...this.edits].sort((a, b) => a.start - b.start || a.end - b.end);
    const runs: Run[] = [{ made: 0, old: 0 }];
    let [text, done] = ['', 0];
    for (const { start, end, text: replacement } of sorted) {
      if (start < done) throw new RangeError('two edits overlap');
      text += source.slice(done, start);
      runs.push({ made: text.length, old: start });
      text += replacement;
      runs.push({ made: text.length, old: end });
      done = end;
    }
    return new Edited(source, text + source.slice(done), runs);
  }
}

/** The new text, and where each place in it was. */
export class Edited {
  private oldLines: number[] | undefined;
  private lines: number[] | undefined;

  constructor(
    private readonly source: string,
    readonly text: string,
    private readonly runs: readonly Run[],
  ) {}

  /** The place in the old text; for what was put in, that of what it replaced. */
  origin({ line, column }: Place): Place {
    this.lines ??= linesOf(this.text);
    this.oldLines ??= linesOf(this.source);
    const offset = (this.lines[line] ?? this.text.length) + column;
    const index = this.runs.findLastIndex(({ made }) => made <= offset);
    const { made, old } = this.runs[index] ?? { made: 0, old: 0 };
    const next = this.runs[index + 1];
    return placeOf(this.oldLines, Math.min(old + offset - made, next?.old ?? this.source.length));
  }
}

function linesOf(text: string): number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index = 0 }) => index + 1)];
}

function placeOf(lines: readonly number[], offset: number): Place {
  const line = lines.findLastIndex((start) => start <= offset);
  return { line, column: offset - (lines[line] ?? 0) };
}
