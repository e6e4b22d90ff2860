import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { messageOf } from '../explained.js';
import { Stopper } from '../interrupt/stopper.js';
import { endChecker } from '../interrupt/waited-children.js';
import { log, logTo } from '../log.js';
import type { Channel } from '../messages.js';
import { WORKERS } from '../places.js';
import { watchServer } from '../process.js';
import type { ConnectionFile } from './connection.js';
import type { Descriptors } from './descriptors.js';
import { IoPub } from './iopub.js';
import { LateOutputLog } from './late.js';
import { type Frames, Sockets } from './sockets.js';
import { Wire } from './wire.js';
import { WrittenOutput } from './written.js';

/** What the thread is started with. */
export interface SocketsData {
  file: ConnectionFile;
  descriptors: Descriptors | undefined;
  /** The file that logs late output, if any does. */
  lateOutput: string | undefined;
}

/** What the main thread asks for. */
export type Order =
  /** `sizes`: of the files of descriptors 1 and 2, if they lead to such. */
  | { kind: 'send'; channel: Channel | 'iopub'; frames: Frames; sizes: number[] }
  | { kind: 'flushed' | 'settled'; id: number }
  | { kind: 'ending' }
  | { kind: 'close' };

/** What it is told. */
export type Answer =
  | { kind: 'received'; channel: Channel; frames: Uint8Array[] }
  | { kind: 'done'; id: number }
  | { kind: 'ping'; serial: number }
  | { kind: 'refused'; why: string }
  | { kind: 'interrupted' | 'orphaned' };

/** Hooks have two seconds; a thread that computes was asked to stop before. Jupyter waits five. */
const LATEST_END_MS = 4500;

const { file, shared, descriptors, lateOutput } = workerData as SocketsData & {
  shared: Int32Array;
};
if (descriptors) logTo(descriptors.log);
const wire = new Wire(file.key, file.signature_scheme);
const sockets = new Sockets();
const written =
  descriptors &&
  new WrittenOutput(descriptors, new IoPub(wire, sockets), new LateOutputLog(lateOutput));
const post = (answer: Answer) => parentPort?.postMessage(answer);
const sigint = new Worker(WORKERS.sigint);
const stopper = new Stopper(shared, (serial) => post({ kind: 'ping', serial }));

/** Hands a request on; what is urgent does not wait until the main thread has time for it. */
function receive(channel: Channel, frames: Buffer[]): void {
  const type = channel === 'control' ? typeOf(frames) : undefined;
  // First: the thread has to answer before it handles the request, or it would be stopped while it does.
  if (type === 'shutdown_request') end();
  if (type === 'interrupt_request') void stopper.free();
  post({ kind: 'received', channel, frames });
}

/** The main thread refuses and logs what is not signed; here it has no effect. */
function typeOf(frames: Buffer[]): string | undefined {
  try {
    return wire.parse(frames).header.msg_type;
  } catch {
    return undefined;
  }
}

function end(): void {
  void stopper.free();
  void delay(LATEST_END_MS, undefined, { ref: false }).then(() => {
    log(`did not end within ${LATEST_END_MS} ms: killed`);
    endChecker(shared); // it may not notice that this process is gone
    process.kill(process.pid, 'SIGKILL');
  });
}

/** Lets the thread end by itself: ZeroMQ aborts a process whose thread is broken off. */
async function close(): Promise<void> {
  await sockets.flushed();
  sockets.close();
  await sigint.terminate();
  parentPort?.close();
}

async function obey(order: Order): Promise<void> {
  if (order.kind === 'send') {
    if (order.channel === 'iopub') written?.precede(order.frames, order.sizes);
    sockets.send(order.channel, order.frames);
  } else if (order.kind === 'ending') end();
  else if (order.kind === 'close') await close();
  else {
    await sockets[order.kind]();
    post({ kind: 'done', id: order.id });
  }
}

parentPort?.on('message', (orders: Order[]) => {
  for (const order of orders) void obey(order);
});
sigint.on('message', () => {
  void stopper.free();
  post({ kind: 'interrupted' });
});
watchServer(() => {
  end();
  post({ kind: 'orphaned' });
});
sockets.listen(file, receive).then(
  () => post({ kind: 'done', id: 0 }),
  (error: unknown) => {
    post({ kind: 'refused', why: messageOf(error) });
    return close();
  },
);
