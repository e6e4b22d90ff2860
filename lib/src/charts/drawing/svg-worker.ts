import { parentPort } from 'node:worker_threads';
import type { Spec } from './chart.js';
import { drawSvg } from './svg.js';

export interface Order {
  id: number;
  spec: Spec;
}
export type Delivery = { id: number; svg: string } | { id: number; error: unknown };

parentPort?.on('message', async ({ id, spec }: Order) => {
  const delivery: Delivery = await drawSvg(spec).then(
    (svg) => ({ id, svg }),
    (error) => ({ id, error }),
  );
  parentPort?.postMessage(delivery);
});
