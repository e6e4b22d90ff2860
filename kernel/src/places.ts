import { dirname, join } from 'node:path';

/** The folder of the kernel's code: frames below it are hidden, and it is not stopped in the middle. */
export const KERNEL = __dirname;
/** The folder of tslab's code. */
export const TSLAB = dirname(require.resolve('tslab'));

/** The kernel's threads. */
export const WORKERS = {
  sockets: join(KERNEL, 'transport', 'sockets-worker.js'),
  sigint: join(KERNEL, 'interrupt', 'sigint-worker.js'),
};
