import type { Content, ErrorContent, ExecuteRequest, Message } from '../messages.js';
import type { IoPub } from '../transport/iopub.js';
import type { Transport } from '../transport/sockets.js';
import type { Wire } from '../transport/wire.js';
import { Cell } from './cells.js';
import type { CellExecutor, Execution } from './executor.js';
import { ExecutionQueue } from './queue.js';

/** Answers execute_request: one cell at a time, and a reply to each. */
export class ExecutionService {
  private readonly queue = new ExecutionQueue();
  private count = 0;

  constructor(
    private readonly executor: CellExecutor,
    private readonly connection: { wire: Wire; iopub: IoPub; transport: Transport },
    /** What the first cell is told. */
    private note?: string,
  ) {}

  add(request: Message): void {
    this.queue.add(async (aborted) => {
      this.connection.iopub.status('busy', request);
      const cell = aborted ? undefined : this.start(request as Message<ExecuteRequest>);
      try {
        if (cell) await this.execute(cell, request);
        else this.reply(request, { status: 'aborted' });
      } finally {
        if (cell) cell.closed = true;
        this.connection.iopub.status('idle', request);
      }
    });
  }

  private start(request: Message<ExecuteRequest>): Cell {
    const { code, silent = false, store_history = !silent } = request.content;
    if (store_history && !silent) this.count++;
    if (!silent) {
      const content = { code, execution_count: this.count };
      this.connection.iopub.publish('execute_input', content, request);
      if (this.note) this.connection.iopub.stream('stderr', this.note, request);
      this.note = undefined;
    }
    return new Cell(request, this.count);
  }

  private async execute(cell: Cell, request: Message): Promise<void> {
    const execution = await this.executor.run(cell);
    const execution_count = cell.count;
    if (execution.error) {
      await this.reportError(cell, request, execution.error);
      return;
    }
    this.reportResult(cell, request, execution);
    const content = { status: 'ok', execution_count, user_expressions: {}, payload: [] };
    this.reply(request, content);
  }

  private async reportError(cell: Cell, request: Message, error: ErrorContent): Promise<void> {
    if (cell.request.content.stop_on_error !== false) {
      // What a client sent in one go with this cell is aborted as a whole.
      await this.connection.transport.settled();
      this.queue.abort();
    }
    this.connection.iopub.publish('error', error, request);
    this.reply(request, { status: 'error', execution_count: cell.count, ...error });
  }

  private reportResult(
    cell: Cell,
    request: Message,
    { result }: Execution & { error?: never },
  ): void {
    if (!result || cell.request.content.silent) return;
    const content = { execution_count: cell.count, data: result, metadata: {} };
    this.connection.iopub.publish('execute_result', content, request);
  }

  private reply(request: Message, content: Content): void {
    const { wire, transport } = this.connection;
    const { identities } = request;
    const frames = wire.frames('execute_reply', content, { identities, parent: request });
    transport.send('shell', frames, true);
  }
}
