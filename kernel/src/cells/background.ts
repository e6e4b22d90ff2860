import { isError } from '../errors/errors.js';
import { UNWINDING } from '../interrupt/unwind.js';
import type { Cell, Cells } from './cells.js';

/** What failed outside the awaited code of a cell. */
export interface BackgroundFailure {
  error: unknown;
  /** The cell that started it, where that is known. */
  origin: Cell | undefined;
}

const MAX_REMEMBERED = 1000;

/**
 * Failures in the background fail the running cell, or the next one.
 * `note` tells of one in the output of the cell that started it, unless it is that cell that fails.
 */
export class Background {
  private readonly pending: BackgroundFailure[] = [];
  private readonly seen = new Set<string>();

  constructor(
    private readonly cells: Cells,
    private readonly failRunning: (cell: Cell, failure: BackgroundFailure) => boolean,
    private readonly note: (failure: BackgroundFailure) => void,
  ) {}

  /** Takes over what would end the process. */
  listen(): void {
    process.on('unhandledRejection', (error) => this.fail(error));
    process.on('uncaughtException', (error) => {
      if (error !== UNWINDING) this.fail(error);
    });
  }

  fail(error: unknown): void {
    const failure = { error, origin: this.cells.origin() };
    const { running } = this.cells;
    if (isConsequence(failure)) return;
    const again = this.repeated(failure);
    if (running && !again && this.failRunning(running, failure)) {
      if (failure.origin !== running) this.note(failure);
      return;
    }
    if (!again && !running) this.pending.push(failure);
    this.note(failure);
  }

  /** What failed since the last cell ended; it is told once. */
  take(): BackgroundFailure[] {
    return this.pending.splice(0);
  }

  /**
   * The same failure from the same cell turns one cell red, not every one after it:
   * otherwise a timer that keeps throwing could not even be stopped.
   */
  private repeated({ error, origin }: BackgroundFailure): boolean {
    const text = isError(error) ? `${error.name}: ${error.message}` : String(error);
    const key = `${origin?.count ?? ''} ${text}`;
    if (this.seen.has(key)) return true;
    if (this.seen.size >= MAX_REMEMBERED) this.seen.clear();
    this.seen.add(key);
    return false;
  }
}

/** Whether a wait rejected only because its cell had been ended: that was told already. */
function isConsequence({ error, origin }: BackgroundFailure): boolean {
  if (!origin?.signal.aborted) return false;
  for (let depth = 0, link = error; depth < 5 && isError(link); depth++, link = link.cause) {
    if (link === origin.signal.reason || link.name === 'AbortError') return true;
  }
  return false;
}
