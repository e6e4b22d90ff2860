import type { DisplayContent, Parent, StreamName } from '../messages.js';
import { CUT, fitBundle, Limits } from './limits.js';
import type { Transport } from './sockets.js';
import type { Wire } from './wire.js';

/** How long output waits for more, so that many small writes become one message. */
export const COALESCE_MS = 20;
export const MAX_CHARS = 64 * 1024;
/** Writes after a pause that do not wait: while code computes no timer fires, and what it said before would not be seen. */
export const AT_ONCE = 5;

/** What a cell does not say itself: something else follows in the same turn, and no code of the cell runs before. */
const CAN_WAIT = ['status', 'execute_input', 'execute_result', 'error'];

interface Pending {
  name: StreamName;
  parent: Parent | undefined;
  text: string;
  /** When its text began, by performance.now(). */
  since: number;
  timer: NodeJS.Timeout;
}

/** The kernel's broadcasts, in the order in which they happened. */
export class IoPub {
  private pending: Pending | undefined;
  private readonly burst = { last: 0, writes: 0 };
  private readonly limits = new Limits();

  constructor(
    private readonly wire: Wire,
    private readonly transport: Transport,
  ) {}

  publish(type: string, content: object, parent: Parent | undefined): void {
    this.flush();
    this.send(type, content, parent);
  }

  status(execution_state: 'starting' | 'busy' | 'idle', parent?: Parent): void {
    const cut = execution_state === 'idle' && parent && this.limits.summary(parent);
    if (cut) this.add('stderr', cut, parent);
    this.publish('status', { execution_state }, parent);
  }

  /** A display or an update of one, within its limit. A cell's result is within it already. */
  display(
    type: 'display_data' | 'update_display_data',
    content: DisplayContent,
    parent: Parent | undefined,
  ): void {
    if (type === 'display_data' && parent) {
      const { shown, first } = this.limits.display(parent);
      if (first) this.add('stderr', CUT, parent);
      if (!shown) return;
    }
    this.publish(type, { ...content, data: fitBundle(content.data) }, parent);
  }

  /** Takes away what a cell has shown, at once or, with `wait`, when it shows something else. */
  clear(wait: boolean, parent: Parent | undefined): void {
    if (parent) this.limits.clear(parent);
    this.publish('clear_output', { wait }, parent);
  }

  /** Text of a cell, up to its limit; sent a little later together with what follows it. */
  stream(name: StreamName, text: string, parent: Parent | undefined): void {
    const { shown, first } = parent
      ? this.limits.text(parent, text)
      : { shown: text, first: false };
    if (shown) this.add(name, shown, parent);
    if (first) this.add('stderr', CUT, parent);
  }

  flush(): void {
    if (!this.pending) return;
    const { name, parent, text, timer } = this.pending;
    this.pending = undefined;
    clearTimeout(timer);
    this.send('stream', { name, text }, parent);
  }

  private add(name: StreamName, text: string, parent: Parent | undefined): void {
    const fits =
      this.pending?.name === name &&
      this.pending.parent === parent &&
      this.pending.text.length < MAX_CHARS &&
      // While code computes no timer fires.
      performance.now() - this.pending.since < COALESCE_MS;
    if (!fits) this.flush();
    const quiet = this.isQuiet();
    if (this.pending) this.pending.text += text;
    else if (quiet) this.send('stream', { name, text }, parent);
    else {
      const timer = setTimeout(() => this.flush(), COALESCE_MS);
      this.pending = { name, parent, text, since: performance.now(), timer };
    }
  }

  /** Whether this is one of the first writes after a while without any. */
  private isQuiet(): boolean {
    const { last } = this.burst;
    this.burst.last = performance.now();
    if (this.burst.last - last >= COALESCE_MS) this.burst.writes = 0;
    return ++this.burst.writes <= AT_ONCE;
  }

  private send(type: string, content: object, parent: Parent | undefined): void {
    const identities = [Buffer.from(type)];
    const frames = this.wire.frames(type, content, { identities, parent });
    this.transport.send('iopub', frames, CAN_WAIT.includes(type));
  }
}
