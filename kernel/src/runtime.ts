import { Background, type BackgroundFailure } from './cells/background.js';
import { type Cell, Cells } from './cells/cells.js';
import { createHost } from './cells/display.js';
import { CellExecutor } from './cells/executor.js';
import { Input } from './cells/input.js';
import { CellOutput, captureStreams } from './cells/output.js';
import type { RestartingChecker } from './checker/restarting.js';
import { typescriptVersion } from './checker/typescript7.js';
import { KernelEnded, KeyboardInterrupt } from './errors/errors.js';
import { Positions } from './errors/positions.js';
import type { Host } from './host.js';
import { shielded } from './interrupt/shield.js';
import { Shutdown } from './interrupt/shutdown.js';
import { watchWaiting } from './interrupt/waited-children.js';
import { hideMarks } from './marks.js';
import type { KernelOptions } from './options.js';
import { History } from './requests/history.js';
import { Engine } from './running/engine.js';
import { watchDescriptors } from './transport/descriptors.js';
import type { IoPub } from './transport/iopub.js';
import { LateOutputLog } from './transport/late.js';

/** What runs cells: its parts, wired to each other. Knows broadcasts, and nothing of requests. */
export class Runtime {
  readonly executor: CellExecutor;
  readonly host: Host;
  readonly history = new History();
  readonly input: Input;
  private readonly cells = new Cells((cell) => this.history.add(cell));
  private readonly positions: Positions;
  private readonly shutdown = new Shutdown();
  private readonly background: Background;
  private readonly output: CellOutput;
  private loaded: Engine | undefined;

  constructor(
    private readonly iopub: IoPub,
    private readonly checker: RestartingChecker,
    private readonly options: Pick<KernelOptions, 'hidden' | 'lateOutput' | 'packages'>,
  ) {
    const { cells, shutdown } = this;
    const { hidden, lateOutput } = options;
    this.positions = new Positions(hidden);
    this.output = new CellOutput(cells, iopub, new LateOutputLog(lateOutput));
    const print = (text: string, cell: Cell) => this.output.write('stdout', text, cell);
    this.input = new Input(cells, print);
    this.background = new Background(
      cells,
      (cell, failure) => this.executor.failInBackground(cell, failure),
      (failure) => this.note(failure),
    );
    const { background, output, input } = this;
    const typescript = typescriptVersion();
    this.executor = new CellExecutor(cells, background, this.positions, this.engine);
    this.host = createHost({ cells, background, shutdown, output, input, typescript });
  }

  /** What checks, compiles and runs; the first call loads it. */
  readonly engine = (): Engine =>
    (this.loaded ??= shielded(() => {
      const show = this.output.show.bind(this.output);
      return new Engine(this.checker, this.positions, show, this.options.packages);
    }));

  /** Takes over the process: its output and what would end it. */
  attach(): void {
    this.background.listen();
    captureStreams((name, text) => this.output.write(name, text));
    const flush = () => this.iopub.flush();
    watchWaiting(flush);
    watchDescriptors(flush);
    hideMarks();
    console.clear = () => this.output.clear(false);
  }

  get busy(): boolean {
    return this.cells.running !== undefined;
  }

  /** Ends the waiting of the running cell; does nothing if none runs. */
  readonly interrupt = (): void => this.stopCell(new KeyboardInterrupt());

  /** Ends the running cell and runs the hooks; two seconds at most. */
  readonly end = (): Promise<void> => {
    this.stopCell(new KernelEnded());
    return this.shutdown.run();
  };

  private stopCell(reason: Error): void {
    const { running } = this.cells;
    if (running) this.executor.fail(running, reason);
  }

  private note({ error, origin }: BackgroundFailure): void {
    const lines = ['Failed in the background:', ...this.executor.describe(error).traceback];
    this.output.write('stderr', `${lines.join('\n')}\n`, origin);
  }
}
