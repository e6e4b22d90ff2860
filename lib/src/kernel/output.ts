import { StringDecoder } from 'node:string_decoder';
import type { Cells } from './cells.js';
import type { IoPub } from './iopub.js';
import type { LateOutputLog } from './late.js';
import type { DisplayContent, StreamName } from './messages.js';

type Done = (error?: Error | null) => void;

/** Sends all that is written to stdout and stderr to `onText` instead. */
export function captureStreams(onText: (name: StreamName, text: string) => void): void {
  for (const name of ['stdout', 'stderr'] as const) {
    const decoder = new StringDecoder('utf8'); // a character may be cut in two by a write
    const write = (chunk: string | Uint8Array, encoding?: BufferEncoding | Done, done?: Done) => {
      const text = typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk));
      if (text) onText(name, text);
      const callback = typeof encoding === 'function' ? encoding : done;
      if (callback) process.nextTick(callback);
      return true;
    };
    process[name].write = write as typeof process.stdout.write;
  }
}

/** Sends what code writes and shows to the cell that started it; logs it if that has ended. */
export class CellOutput {
  constructor(
    private readonly cells: Cells,
    private readonly iopub: IoPub,
    private readonly late: LateOutputLog,
  ) {}

  write(name: StreamName, text: string, cell = this.cells.current()): void {
    this.iopub.stream(name, text, cell?.request);
    if (cell?.closed) this.late.append(cell.count, name, text);
  }

  show(content: DisplayContent, update: boolean): void {
    const cell = this.cells.current();
    const type = update ? 'update_display_data' : 'display_data';
    this.iopub.display(type, content, cell?.request);
    const text = content.data['text/plain'] ?? Object.keys(content.data).join(', ');
    if (cell?.closed) this.late.append(cell.count, type, String(text));
  }

  /** Takes away what the cell has shown; with `wait`, when it shows something else. */
  clear(wait: boolean): void {
    this.iopub.clear(wait, this.cells.current()?.request);
  }
}
