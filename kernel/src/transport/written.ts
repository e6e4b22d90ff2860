import { fstatSync, openSync, readSync, truncateSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { Header, Parent, StreamName } from '../messages.js';
import type { Descriptors } from './descriptors.js';
import type { IoPub } from './iopub.js';
import type { LateOutputLog } from './late.js';
import type { Frames } from './sockets.js';

const RUNNING_MS = 100;
const IDLE_MS = 1000;
const CHUNK = 64 * 1024;
/** What is read of a file at a time; what was written beyond it is left out: no cell could show it. */
const MAX_READ = 4 * 1024 * 1024;
/** A file that has grown so large is begun anew. */
const MAX_FILE = 64 * 1024 * 1024;

/** The cell that runs, or ran last. */
interface Current {
  parent: Parent;
  count: number;
  closed: boolean;
}

/** Shows what was written to the files of the process's descriptors, in the cell that runs. Lives with the sockets. */
export class WrittenOutput {
  private readonly files: WrittenFile[];
  private current: Current | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    { stdout, stderr }: Descriptors,
    private readonly iopub: IoPub,
    private readonly late: LateOutputLog,
  ) {
    this.files = [new WrittenFile('stdout', stdout), new WrittenFile('stderr', stderr)];
    this.poll();
  }

  /**
   * To be called ahead of each broadcast of the main thread. `sizes` are those of the files when it was sent: what was
   * written before it is shown before it, and no more.
   */
  precede(frames: Frames, sizes: readonly number[]): void {
    this.show(sizes);
    const type = String(Buffer.from(frames[0] ?? ''));
    if (type === 'execute_input') {
      const { execution_count: count } = JSON.parse(String(frames[6])) as {
        execution_count: number;
      };
      this.current = { parent: { header: parentOf(frames) }, count, closed: false };
      for (const file of this.files) file.begin();
      this.poll();
    } else if (type === 'status' && this.current && String(frames[6]).includes('idle')) {
      const { msg_id } = parentOf(frames);
      if (msg_id === this.current.parent.header.msg_id) this.current.closed = true;
    }
  }

  /**
   * Shows what is new, up to those sizes. stderr comes first: which of the two was written first is not known, and what is
   * wrong must not be cut because much was printed.
   */
  private show(sizes: readonly number[] = []): void {
    for (const [index, file] of [...this.files.entries()].reverse()) {
      for (const text of file.read(sizes[index])) this.write(file.name, text);
    }
    this.iopub.flush();
  }

  /** Looks often while a cell runs. */
  private poll(): void {
    clearTimeout(this.timer);
    const pause = this.current?.closed === false ? RUNNING_MS : IDLE_MS;
    this.timer = setTimeout(() => {
      this.show();
      this.poll();
    }, pause).unref();
  }

  private write(name: StreamName, text: string): void {
    const { current } = this;
    this.iopub.stream(name, text, current?.parent);
    if (current?.closed) this.late.append(current.count, name, text);
  }
}

/** The header of the request that a broadcast belongs to. */
function parentOf(frames: Frames): Header {
  return JSON.parse(String(frames[4])) as Header;
}

class WrittenFile {
  private readonly fd: number;
  private offset = 0;
  private readonly decoder = new StringDecoder('utf8');

  constructor(
    readonly name: StreamName,
    private readonly path: string,
  ) {
    this.fd = openSync(path, 'r');
  }

  *read(limit = Number.POSITIVE_INFINITY): Generator<string> {
    const now = fstatSync(this.fd).size;
    if (now < this.offset) this.offset = 0; // somebody has opened it as /dev/stdout
    const size = Math.max(this.offset, Math.min(now, limit));
    const end = Math.min(size, this.offset + MAX_READ);
    while (this.offset < end) {
      const buffer = Buffer.allocUnsafe(Math.min(CHUNK, end - this.offset));
      const length = readSync(this.fd, buffer, 0, buffer.length, this.offset);
      if (length === 0) break;
      this.offset += length;
      const text = this.decoder.write(buffer.subarray(0, length));
      if (text) yield text;
    }
    this.offset = size;
    if (size > MAX_FILE) this.empty(); // what is written meanwhile is lost: nobody could read so much
  }

  /** Empties the file if all of it was read: it would grow for ever. */
  begin(): void {
    if (this.offset > 0 && fstatSync(this.fd).size <= this.offset) this.empty();
  }

  private empty(): void {
    truncateSync(this.path, 0);
    this.offset = 0;
  }
}
