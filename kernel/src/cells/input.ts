import { KernelError } from '../explained.js';
import type { InputOptions } from '../host.js';
import type { Content, Message } from '../messages.js';
import type { Cell, Cells } from './cells.js';

/** Sends input_request to whoever sent the cell; returns the id of that message. */
export type AskFrontEnd = (cell: Cell, content: { prompt: string; password: boolean }) => string;

/** Asks the person at the keyboard for the cell that runs: one question after the other. */
export class Input {
  private readonly waiting = new Map<string, (answer: string) => void>();
  private last: Promise<unknown> = Promise.resolve();
  private send: AskFrontEnd = () => '';

  constructor(
    private readonly cells: Cells,
    private readonly print: (text: string, cell: Cell) => void,
  ) {}

  /** Says how a question gets to the front end. */
  connect(send: AskFrontEnd): void {
    this.send = send;
  }

  /** @throws KernelError NO_INPUT; the cell's own failure, KeyboardInterrupt above all, if it ends first. */
  async ask(prompt: string, { default: fallback, password = false }: InputOptions = {}) {
    const cell = this.cells.origin() ?? this.cells.running;
    const obstacle = obstacleTo(cell);
    if (cell && !obstacle) return this.inTurn(cell, { prompt, password });
    if (fallback === undefined) throw noInput(prompt, obstacle);
    if (cell)
      this.print(`${prompt}${password ? '…' : fallback} (the default: nobody was asked)\n`, cell);
    return fallback;
  }

  /** Takes an input_reply. One to a question that nobody waits for any more is dropped. */
  answer({ content, parent }: Message): void {
    // Clients such as jupyter_client do not say which question they answer: it is the oldest.
    const id = parent?.msg_id ?? this.waiting.keys().next().value;
    if (id !== undefined) this.waiting.get(id)?.(String((content as Content)['value'] ?? ''));
  }

  private inTurn(cell: Cell, content: { prompt: string; password: boolean }): Promise<string> {
    const answer = this.last.then(() => this.one(cell, content));
    this.last = answer.catch(() => {});
    return answer;
  }

  private async one(cell: Cell, content: { prompt: string; password: boolean }): Promise<string> {
    cell.signal.throwIfAborted();
    const id = this.send(cell, content);
    const answered = new Promise<string>((done) => this.waiting.set(id, done));
    return cell.race(answered).finally(() => this.waiting.delete(id));
  }
}

/** Why a cell cannot ask; empty if it can. */
function obstacleTo(cell: Cell | undefined): string {
  if (!cell || cell.closed)
    return 'Only a cell that still runs can ask; what it started went on without it.';
  return cell.request.content.allow_stdin
    ? ''
    : 'The notebook runs headless: its client takes no input (allow_stdin is false).';
}

function noInput(prompt: string, why: string): KernelError {
  return new KernelError('NO_INPUT', {
    what: `Nobody can answer “${prompt.trim()}”.`,
    why,
    fix: 'Ask in a cell that runs in JupyterLab, or give an answer for this case: input(…, { default: … }).',
  });
}
