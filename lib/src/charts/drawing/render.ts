import { Worker } from 'node:worker_threads';
import { PROGRAMS } from '../../programs.js';
import type { Chart } from './chart.js';
import type { Delivery } from './svg-worker.js';

/** How long the thread waits for another chart before it ends, in ms: it holds some 50 MB, and starts within a second. */
export const IDLE_MS = 10_000;

type Waiting = { resolve: (svg: string) => void; reject: (error: unknown) => void };

/**
 * Draws a chart as an SVG document, in a thread of its own: the consumers of a notebook live in this one, and a picture of
 * them must not hold them up.
 */
export function toSvg({ spec }: Chart): Promise<string> {
  clearTimeout(ending);
  worker ??= startWorker();
  const id = ++lastId;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    // Held while a picture is being drawn, so that a process does not end before it is there.
    worker?.ref();
    worker?.postMessage({ id, spec });
  });
}

let worker: Worker | undefined;
let ending: NodeJS.Timeout | undefined;
let lastId = 0;
const waiting = new Map<number, Waiting>();

function startWorker(): Worker {
  const started = new Worker(PROGRAMS.svgWorker);
  started.unref();
  started.on('message', (delivery: Delivery) => {
    const { resolve, reject } = waiting.get(delivery.id) as Waiting;
    waiting.delete(delivery.id);
    if (waiting.size === 0) rest(started);
    if ('svg' in delivery) resolve(delivery.svg);
    else reject(delivery.error);
  });
  started.on('error', (error) => {
    worker = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  });
  return started;
}

/** Lets the process end, and the thread when no other chart comes. */
function rest(started: Worker): void {
  started.unref();
  ending = setTimeout(() => {
    worker = undefined;
    void started.terminate();
  }, IDLE_MS).unref();
}
