import { join, sep } from 'node:path';

/** The folder of the kernel's code: frames below it are hidden, and it is not stopped in the middle. */
export const KERNEL = __dirname;
/** The picture that JupyterLab shows of the kernel, where the package has it. */
export const LOGO = join(KERNEL, '..', 'logo-svg.svg');
/** What stands in the path of tslab's code, wherever it is installed. */
export const TSLAB = `${sep}node_modules${sep}tslab${sep}`;

/** The kernel's threads. */
export const WORKERS = {
  sockets: join(KERNEL, 'transport', 'sockets-worker.js'),
  sigint: join(KERNEL, 'interrupt', 'sigint-worker.js'),
};
