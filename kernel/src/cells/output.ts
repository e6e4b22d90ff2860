import { StringDecoder } from 'node:string_decoder';
import { inspect } from 'node:util';
import type { DisplayContent, StreamName } from '../messages.js';
import type { IoPub } from '../transport/iopub.js';
import type { LateOutputLog } from '../transport/late.js';
import type { Cells } from './cells.js';

type Done = (error?: Error | null) => void;
type Encoding = BufferEncoding | 'buffer' | null;

/**
 * Sends all that is written to stdout and stderr to `onText` instead. Their own machinery has no part in it: it would be
 * stuck for ever when the code that writes is stopped. Nothing ends them: the next cell writes, too.
 */
export function captureStreams(onText: (name: StreamName, text: string) => void): void {
  for (const name of ['stdout', 'stderr'] as const) {
    const decode = decoder();
    const write = (chunk: unknown, encoding?: Encoding | Done, done?: Done) => {
      const text = decode(chunk, typeof encoding === 'function' ? undefined : encoding);
      if (text) onText(name, text);
      const callback = typeof encoding === 'function' ? encoding : done;
      if (callback) process.nextTick(callback);
      return true;
    };
    const stream = process[name];
    const end = (chunk?: unknown, encoding?: Encoding | Done, done?: Done) => {
      const callback = [chunk, encoding, done].find((each) => typeof each === 'function');
      if (chunk != null && chunk !== callback)
        write(chunk, encoding === callback ? null : encoding);
      process.nextTick(() => {
        (callback as Done | undefined)?.();
        for (const event of ['finish', 'close']) stream.emit(event); // pipeline() waits for them
      });
      return stream;
    };
    Object.assign(stream, { write, end, destroy: () => stream });
  }
}

/** Reads what is written, as Node does; a character may be cut in two by a write. */
function decoder(): (chunk: unknown, encoding?: Encoding) => string {
  const bytes = new StringDecoder('utf8');
  return (chunk, encoding) => {
    if (typeof chunk !== 'string') {
      if (chunk instanceof Uint8Array) return bytes.write(Buffer.from(chunk));
      throw invalid(chunk);
    }
    if (!encoding || encoding === 'buffer' || /^utf-?8$/i.test(encoding))
      return bytes.end() + chunk;
    return bytes.write(Buffer.from(chunk, encoding));
  };
}

function invalid(chunk: unknown): TypeError {
  const message = `The "chunk" argument must be of type string or an instance of Buffer or Uint8Array. Received ${inspect(chunk)}`;
  return Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' });
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
