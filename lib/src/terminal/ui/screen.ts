import type { WriteStream } from 'node:tty';
import { writeLine } from './output.js';

/** Draws lines over those that it drew before; on what is no terminal, below them. */
export class Screen {
  #height = 0;
  #drawn: string | undefined;

  constructor(private readonly stream: WriteStream) {
    // After a change of width the old lines may have wrapped: begin again below them.
    if (stream.isTTY) stream.on('resize', () => (this.#height = 0));
  }

  get columns(): number | undefined {
    return this.stream.isTTY ? this.stream.columns || undefined : undefined;
  }

  /** @param more how to see what does not fit */
  async draw(lines: readonly string[], more = ''): Promise<unknown> {
    const shown = this.fitting(lines, more);
    const text = shown.join('\n');
    if (text === this.#drawn) return undefined;
    this.#drawn = text;
    if (!this.stream.isTTY) return writeLine(`${text}\n`);
    const up = this.#height > 0 ? `\r\x1b[${this.#height}A` : '';
    this.#height = shown.length;
    return writeLine(`${up}${shown.map((line) => `${line}\x1b[K`).join('\n')}\x1b[J`);
  }

  /** What has scrolled out of sight cannot be drawn over. */
  fitting(lines: readonly string[], more = ''): readonly string[] {
    const room = this.stream.isTTY && this.stream.rows > 2 ? this.stream.rows - 1 : Infinity;
    if (lines.length <= room) return lines;
    const rest = `… and ${lines.length - room + 1} more lines${more && `: ${more}`}`;
    return [...lines.slice(0, room - 1), rest.slice(0, this.columns ?? Infinity)];
  }
}
