import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { PINGED, shared } from '../interrupt/shield.js';
import { allowUnwinding } from '../interrupt/unwind.js';
import { notWaiting } from '../interrupt/waited-children.js';
import type { Channel } from '../messages.js';
import { WORKERS } from '../places.js';
import { writtenSizes } from './descriptors.js';
import { Outbox } from './outbox.js';
import type { Frames, Transport } from './sockets.js';
import type { Answer, Order, SocketsData } from './sockets-worker.js';

/** What is told of what happens to the process: SIGINT, the end of the server. */
type ProcessEvents = Record<'interrupted' | 'orphaned', () => void>;
type Deliver = (channel: Channel, frames: Buffer[]) => void;

/** The sockets, in a thread of their own: they answer and send while this one computes. */
export class SocketsThread implements Transport {
  private readonly worker: Worker;
  private readonly captures: boolean;
  private readonly outbox = new Outbox<Order>((orders) => this.worker.postMessage(orders));
  private readonly waiting = new Map<number, () => void>();
  private serial = 0;
  private deliver: Deliver = () => {};
  private refuse: (error: Error) => void = () => {};
  private on: ProcessEvents = { interrupted: () => {}, orphaned: () => {} };

  constructor(data: SocketsData) {
    const workerData = { ...data, shared };
    this.captures = data.descriptors !== undefined;
    this.worker = new Worker(WORKERS.sockets, { workerData });
    this.worker.on('message', (answer: Answer) => this.take(answer));
    allowUnwinding();
  }

  /** Resolves when the sockets listen; `deliver` must not throw. */
  async listen(deliver: Deliver, events: ProcessEvents): Promise<void> {
    this.deliver = deliver;
    this.on = events;
    await new Promise<void>((resolve, reject) => {
      this.refuse = reject;
      // An error later on ends the process: a kernel without sockets is none.
      this.worker.once('error', (error) => {
        reject(error);
        setImmediate(() => {
          throw error;
        });
      });
      this.waiting.set(0, resolve);
    });
  }

  send(channel: Channel | 'iopub', frames: Frames, canWait = false): void {
    // A Buffer is a view of a pool, all of which would be copied.
    const exact = frames.map((frame) =>
      typeof frame === 'string' ? frame : Uint8Array.from(frame),
    );
    const sizes = this.captures && channel === 'iopub' ? writtenSizes() : [];
    const order: Order = { kind: 'send', channel, frames: exact, sizes };
    if (canWait) this.outbox.add(order);
    else this.outbox.addNow(order);
  }

  flushed(): Promise<void> {
    return this.asked('flushed');
  }

  settled(): Promise<void> {
    return this.asked('settled');
  }

  /** The process will have ended soon, or is killed: whatever its hooks do. */
  ending(): void {
    this.order({ kind: 'ending' });
  }

  /** Resolves when all has left and the thread has ended; to be called before the process exits. */
  async close(): Promise<void> {
    const exit = once(this.worker, 'exit');
    this.order({ kind: 'close' });
    await exit;
  }

  private asked(kind: 'flushed' | 'settled'): Promise<void> {
    const id = ++this.serial;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.order({ kind, id });
    });
  }

  private order(order: Order): void {
    this.outbox.addNow(order);
  }

  private take(answer: Answer): void {
    if (answer.kind === 'received') {
      this.deliver(answer.channel, answer.frames.map(toBuffer));
    } else if (answer.kind === 'refused') {
      void once(this.worker, 'exit').then(() => this.refuse(new Error(answer.why)));
    } else if (answer.kind === 'ping') {
      notWaiting();
      Atomics.store(shared, PINGED, answer.serial);
    } else if (answer.kind === 'done') {
      this.waiting.get(answer.id)?.();
      this.waiting.delete(answer.id);
    } else {
      this.on[answer.kind]();
    }
  }
}

/** Between threads a Buffer becomes a plain array of bytes. */
function toBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
