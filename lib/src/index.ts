/** What a notebook may import. */
export { type Chart, charts, live } from './charts/index.js';
export { LabError, type LabErrorCode } from './errors.js';
export { assignment, type Drain, drain, type Ledger, ownership, type Tally, tally } from './ledger/index.js';
export { type Comparison, check } from './lessons/index.js';
export { Lab, openLab, rangeAssigner, type Stream, type Topic } from './lab/index.js';
