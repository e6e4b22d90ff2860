export { openRun } from './open-run.js';
export { saveRun } from './save-run.js';
export type { Shown } from './stand-ins.js';
