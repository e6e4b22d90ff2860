import type { Parent, StreamName } from './messages.js';
import type { Transport } from './sockets.js';
import type { Wire } from './wire.js';

/** How long output waits for more, so that many small writes become one message. */
const COALESCE_MS = 20;
const MAX_CHARS = 64 * 1024;

interface Pending {
  name: StreamName;
  parent: Parent | undefined;
  text: string;
  timer: NodeJS.Timeout;
}

/** The kernel's broadcasts, in the order in which they happened. */
export class IoPub {
  private pending: Pending | undefined;

  constructor(
    private readonly wire: Wire,
    private readonly transport: Transport,
  ) {}

  publish(type: string, content: object, parent: Parent | undefined): void {
    this.flush();
    this.send(type, content, parent);
  }

  status(execution_state: 'starting' | 'busy' | 'idle', parent?: Parent): void {
    this.publish('status', { execution_state }, parent);
  }

  /** Text of a cell; sent a little later together with what follows it. */
  stream(name: StreamName, text: string, parent: Parent | undefined): void {
    const fits =
      this.pending?.name === name &&
      this.pending.parent === parent &&
      this.pending.text.length < MAX_CHARS;
    if (!fits) this.flush();
    if (this.pending) this.pending.text += text;
    else {
      const timer = setTimeout(() => this.flush(), COALESCE_MS);
      this.pending = { name, parent, text, timer };
    }
  }

  flush(): void {
    if (!this.pending) return;
    const { name, parent, text, timer } = this.pending;
    this.pending = undefined;
    clearTimeout(timer);
    this.send('stream', { name, text }, parent);
  }

  private send(type: string, content: object, parent: Parent | undefined): void {
    const identities = [Buffer.from(type)];
    this.transport.send('iopub', this.wire.frames(type, content, { identities, parent }));
  }
}
