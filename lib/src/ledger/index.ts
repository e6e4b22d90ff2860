export { type Account, account, type Disorder, type Fate, fates } from './account.js';
export { now } from './clock.js';
export { type CurrentLesson, currentLesson, openLesson } from './current.js';
export { type DepthSample, Depths } from './depths.js';
export { Experiment } from './experiment.js';
export { FactFile, FactReader } from './fact-file.js';
export type {
  BatchFact,
  CommitFact,
  DeletionFact,
  DoubtFact,
  Fact,
  MemberFact,
  Recorder,
  RecordFact,
  RecordKind,
} from './facts.js';
export type { Key } from './key-numbers.js';
export { keyText } from './keys.js';
export {
  type LagPoint,
  type LagSample,
  lagNow,
  lagOverTime,
  lagSamples,
  type Outage,
  outages,
} from './lag.js';
export {
  type Handling,
  handlingTo,
  type Lane,
  type LaneOf,
  laneTo,
  type QuickHandling,
} from './lane.js';
export { Ledger, type Scope, type TrailKind } from './ledger.js';
export { type Load, load, type Span } from './load.js';
export { deletedIn, deletedRecords, logStart } from './log-start.js';
export {
  assignment,
  type Gap,
  gaps,
  type Idleness,
  idleness,
  type Ownership,
  ownership,
  presentMembers,
} from './ownership.js';
export { type Position, positions } from './positions.js';
export { MOST_PREVIEWS, type Preview, type Value, type ValueLane } from './previews.js';
export { type Reach, reach } from './reach.js';
export { byName } from './sorting.js';
export {
  type Drain,
  drain,
  isDrained,
  type Place,
  placeName,
  recordsInDoubt,
  type Tally,
  tally,
} from './tally.js';
export type { Trail } from './trail.js';
export { type OpenBatch, openBatches, uncommitted } from './uncommitted.js';
