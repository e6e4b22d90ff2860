export { FactFile, FactReader } from './fact-file.js';
export type {
  BatchFact,
  CommitFact,
  Fact,
  MemberFact,
  RecordFact,
  Recorder,
  RecordKind,
} from './facts.js';
export { type LagPoint, lagOverTime, type Outage, outages } from './lag.js';
export { type Load, load, type Span } from './load.js';
export { Ledger, type Scope } from './ledger.js';
export {
  assignment,
  type Gap,
  gaps,
  type Ownership,
  ownership,
  presentMembers,
} from './ownership.js';
export { type Drain, drain, type Place, placeName, type Tally, tally } from './tally.js';
export { openBatches, type OpenBatch, uncommitted } from './uncommitted.js';
