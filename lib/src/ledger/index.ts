export { account, type Fate, fates } from './analysis/account.js';
export { currentLesson, openLesson } from './analysis/current.js';
export { type Delays, delays } from './analysis/delays.js';
export { type DepthSample, Depths } from './analysis/depths.js';
export { Experiment } from './analysis/experiment.js';
export { type LagSample, lagNow, lagOverTime, lagSamples, outages } from './analysis/lag.js';
export { type Load, load } from './analysis/load.js';
export {
  assignment,
  type Gap,
  gaps,
  type Idleness,
  idleness,
  type Ownership,
  ownership,
  presentMembers,
} from './analysis/ownership.js';
export { arrivals, offsetsByPartition, partitionsByKey } from './analysis/places.js';
export { type Position, positions } from './analysis/positions.js';
export { type Speedup, speedup } from './analysis/speedup.js';
export { openBatches, uncommitted } from './analysis/uncommitted.js';
export { now } from './store/clock.js';
export { FactFile, FactReader } from './store/fact-file.js';
export type {
  Fact,
  LogFact,
  MemberFact,
  OffsetRange,
  Recorder,
  RecordFact,
  RecordKind,
} from './store/facts.js';
export { keyText } from './store/keys.js';
export { Ledger } from './store/ledger.js';
export { deletedIn, deletedRecords, logStart } from './store/log-start.js';
export { MOST_PREVIEWS, type Preview, type Value, type ValueWriter } from './store/previews.js';
export { type Reach, reach } from './store/reach.js';
export { byName } from './store/sorting.js';
export {
  type Drain,
  drain,
  isDrained,
  type Place,
  placeName,
  recordsInDoubt,
  type Tally,
  tally,
} from './store/tally.js';
export type { Trail } from './store/trail.js';
export {
  type FactWriter,
  type Handling,
  handlingFor,
  type QuickHandling,
  type SharedFields,
  writerFor,
} from './store/writer.js';
