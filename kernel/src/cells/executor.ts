import { setImmediate as nextTurn } from 'node:timers/promises';
import { describeFindings } from '../errors/diagnostics.js';
import { describeError } from '../errors/errors.js';
import type { Positions } from '../errors/positions.js';
import type { ErrorContent, MimeBundle } from '../messages.js';
import type { Engine } from '../running/engine.js';
import type { Background, BackgroundFailure } from './background.js';
import { toBundle } from './bundle.js';
import type { Cell, Cells } from './cells.js';

/** What became of a cell. */
export type Execution = { error: ErrorContent } | { error?: never; result?: MimeBundle };

export class CellExecutor {
  constructor(
    private readonly cells: Cells,
    private readonly background: Background,
    private readonly positions: Positions,
    private readonly engine: () => Engine,
  ) {}

  /** Runs a cell to its end, and a moment longer: what it started may have failed already. */
  async run(cell: Cell): Promise<Execution> {
    const earlier = this.background.take();
    if (earlier.length > 0) return { error: this.describeEarlier(earlier) };
    const execution = await this.untilStopped(cell);
    // From here on its failure is settled: what else fails is noted in its output.
    if (execution.error) cell.failure ??= { error: execution.error };
    await nextTurn();
    this.cells.running = undefined;
    if (execution.error || !cell.failure) return execution;
    return { error: this.describe(cell.failure.error) };
  }

  /** Ends the waiting of the running cell with `error`. Returns whether that made it fail. */
  fail(cell: Cell, error: unknown): boolean {
    const first = cell.fail(error);
    if (first) this.engine().stop();
    return first;
  }

  /** Fails the running cell for what happened in the background. */
  failInBackground(cell: Cell, failure: BackgroundFailure): boolean {
    const { error, origin } = failure;
    return this.fail(cell, origin === cell ? error : new StartedElsewhere(failure));
  }

  describe(error: unknown): ErrorContent {
    if (!(error instanceof StartedElsewhere)) return describeError(error, this.positions);
    return this.describeElsewhere(error.failure, '');
  }

  /**
   * Code that computes is stopped from outside with all that called it, and its promise never
   * settles: so nothing that has to go on is among its callers, and its end is not waited for.
   */
  private async untilStopped(cell: Cell): Promise<Execution> {
    this.cells.running = cell; // it can be interrupted from now on
    const execution = new Promise<Execution>((resolve, reject) => {
      const execute = () => this.execute(cell).then(resolve, reject);
      setImmediate(() => cell.failure || this.cells.run(cell, execute));
    });
    try {
      return await cell.race(execution);
    } catch (error) {
      return { error: this.describe(cell.failure ? cell.failure.error : error) };
    }
  }

  private async execute(cell: Cell): Promise<Execution> {
    const { code } = cell.request.content;
    const outcome = await this.engine().execute(code, cell.count, cell.signal);
    if (outcome.kind === 'thrown') await nextTurn(); // an interrupt may be why, and come to be known only now
    if (cell.failure) return { error: this.describe(cell.failure.error) };
    if (outcome.kind === 'findings') {
      return { error: describeFindings(outcome.findings, code, this.engine().checker) };
    }
    if (outcome.kind === 'thrown') {
      return { error: this.describe(outcome.thrown.value) };
    }
    return outcome.result ? this.show(cell, outcome.result.value) : {};
  }

  private async show(cell: Cell, value: unknown): Promise<Execution> {
    try {
      return { result: await cell.race(toBundle(value)) };
    } catch (error) {
      return { error: this.describe(error) };
    }
  }

  private describeEarlier(failures: BackgroundFailure[]): ErrorContent {
    const described = failures.map((failure) =>
      this.describeElsewhere(failure, 'This cell has not run. Run it again.'),
    );
    const [first] = described;
    const traceback = described.flatMap((content) => content.traceback);
    return { ename: first?.ename ?? 'Error', evalue: first?.evalue ?? '', traceback };
  }

  private describeElsewhere({ error, origin }: BackgroundFailure, advice: string): ErrorContent {
    const { ename, evalue, traceback } = describeError(error, this.positions);
    const started = origin ? `Started by cell [${origin.count}]` : 'Something started earlier';
    const title = [`${started}, failed in the background.`, advice].filter(Boolean).join(' ');
    return {
      ename,
      evalue: `${started}, failed in the background: ${evalue}`,
      traceback: [title, ...traceback],
    };
  }
}

/** Carries the failure of what another cell started to the cell that fails for it. */
class StartedElsewhere extends Error {
  constructor(readonly failure: BackgroundFailure) {
    super('failed in the background', { cause: failure.error });
  }
}
