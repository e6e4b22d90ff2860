import { appendFileSync, closeSync, readSync } from 'node:fs';
import { openPrivate } from '../../private.js';
import type { Fact, Recorder } from './facts.js';

const NEWLINE = 0x0a;

/**
 * Facts to a file, a line each. A fact is with the operating system before `record` returns: it outlives its
 * process, however that ends.
 */
export class FactFile implements Recorder {
  private readonly file: number;

  constructor(path: string) {
    this.file = openPrivate(path, 'a');
  }

  record(fact: Fact): void {
    appendFileSync(this.file, `${JSON.stringify(fact)}\n`);
  }
}

/** Reads the facts of a file that is still being written. A line without its end is left for the next time. */
export class FactReader {
  private readonly file: number;
  private readonly chunk = Buffer.alloc(65_536);
  private position = 0;
  private rest: Buffer = Buffer.alloc(0);

  constructor(path: string) {
    this.file = openPrivate(path, 'a+');
  }

  /** What was written since the last call. */
  *read(): Generator<Fact> {
    for (let bytes = this.fill(); bytes > 0; bytes = this.fill()) {
      const text = Buffer.concat([this.rest, this.chunk.subarray(0, bytes)]);
      const end = text.lastIndexOf(NEWLINE) + 1;
      this.rest = text.subarray(end);
      for (const line of text.toString('utf8', 0, end).split('\n')) {
        if (line !== '') yield JSON.parse(line) as Fact;
      }
    }
  }

  close(): void {
    closeSync(this.file);
  }

  private fill(): number {
    const bytes = readSync(this.file, this.chunk, 0, this.chunk.length, this.position);
    this.position += bytes;
    return bytes;
  }
}
