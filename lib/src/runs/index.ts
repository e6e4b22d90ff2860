export { openRun } from './open-run.js';
export { type RunRecorder, recordRun } from './record-run.js';
export { saveRun } from './save-run.js';
export type { Shown } from './stand-ins.js';
