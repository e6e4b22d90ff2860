import { movingLine, resultLines } from './lines.js';
import type { NotebookReport } from './report.js';

/** Shows how the notebooks get on. */
export interface Board {
  update(report: NotebookReport): void;
  finish(report: NotebookReport): void;
  /** Takes away what moves. */
  close(): void;
}

const FRAMES = ['⠋', '⠙', '⠸', '⠴', '⠦', '⠇'];
const FRAME_MS = 120;

interface Screen {
  write(text: string): unknown;
  columns?: number;
}

/** For logs: a line when a notebook is done, nothing that moves. */
export function plainBoard(out: Screen, nameWidth: number): Board {
  return {
    update: () => undefined,
    finish: (report) => void out.write(`${resultLines(report, nameWidth).join('\n')}\n`),
    close: () => undefined,
  };
}

/** For terminals: below the lines of what is done, a moving line for each notebook that runs. */
export class MovingBoard implements Board {
  private readonly running = new Map<string, { report: NotebookReport; since: number }>();
  private readonly timer: NodeJS.Timeout;
  private drawn = 0;
  private frame = 0;

  constructor(
    private readonly out: Screen,
    private readonly nameWidth: number,
  ) {
    this.timer = setInterval(() => this.draw(), FRAME_MS);
  }

  update(report: NotebookReport): void {
    const since = this.running.get(report.name)?.since ?? performance.now();
    this.running.set(report.name, { report, since });
  }

  finish(report: NotebookReport): void {
    this.running.delete(report.name);
    this.draw(resultLines(report, this.nameWidth));
  }

  close(): void {
    clearInterval(this.timer);
    this.running.clear();
    this.draw();
  }

  private draw(above: string[] = []): void {
    const frame = FRAMES[this.frame++ % FRAMES.length]!;
    const width = (this.out.columns || 80) - 1; // some terminals say 0
    const moving = [...this.running.values()].map(({ report, since }) => {
      const padded = { ...report, name: report.name.padEnd(this.nameWidth) };
      // A line that wraps could not be drawn over.
      return movingLine(padded, (performance.now() - since) / 1000, frame).slice(0, width);
    });
    const back = this.drawn > 0 ? `\x1b[${this.drawn}A` : '';
    this.out.write(`${back}\x1b[J${[...above, ...moving].map((line) => `${line}\n`).join('')}`);
    this.drawn = moving.length;
  }
}

/** The board that suits the output. */
export function boardFor(out: NodeJS.WriteStream, names: string[]): Board {
  const nameWidth = Math.max(0, ...names.map((name) => name.length));
  if (!out.isTTY || process.env['CI']) return plainBoard(out, nameWidth);
  return new MovingBoard(out, nameWidth);
}
