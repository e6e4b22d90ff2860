import { join } from 'node:path';
import { root } from './paths.js';

const built = (...path: string[]) => join(root, 'lib', 'dist', ...path);

/** The files of the library that run as processes or threads of their own, by where the build puts them. */
export const PROGRAMS = {
  supervisor: built('broker', 'supervision', 'supervisor-main.js'),
  shopService: built('shop', 'main.js'),
  ownProgram: built('shop', 'own-main.js'),
  svgWorker: built('charts', 'drawing', 'svg-worker.js'),
};
