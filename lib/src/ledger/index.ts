export {
  type Alarm,
  type AlarmLimits,
  type AlarmName,
  alarms,
} from './alarms/alarms.js';
export { currentLesson, openLesson } from './analysis/current.js';
export { type Delays, delays } from './analysis/delays.js';
export { type Drain, drain } from './analysis/drain.js';
export { type Begun, Experiment } from './analysis/experiment.js';
export { type LagSample, lagNow, lagOverTime, lagSamples } from './analysis/lag.js';
export {
  leaderless,
  type ReplicaSpan,
  type ReplicaState,
  replicaSpans,
} from './analysis/leadership.js';
export { type Load, load } from './analysis/load.js';
export { type DepthSample, Depths, type Rate } from './analysis/measured.js';
export { type Moment, moments, type Standing } from './analysis/moments.js';
export { outages } from './analysis/outages.js';
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
export { type Pause, pauses } from './analysis/pauses.js';
export { arrivals, offsetsByPartition, partitionsByKey } from './analysis/places.js';
export { type Position, positions, type Rewind, rewinds } from './analysis/positions.js';
export { type Speedup, speedup } from './analysis/speedup.js';
export { type Account, account } from './fates/account.js';
export { type Delivery, type DeliveryEnd, deliveries } from './fates/deliveries.js';
export { logFate, logFates } from './fates/log-fate.js';
export {
  goneRecords,
  logStart,
  lostRecords,
  recordsHeld,
  recordsIn,
} from './fates/log-start.js';
export { type Loss, losses, type ReadLog } from './fates/losses.js';
export { type Fate, fates } from './fates/record-fates.js';
export {
  isDrained,
  openRecords,
  recordsInDoubt,
  refusedRecords,
  type Tally,
  tally,
} from './fates/tally.js';
export { isCommitted, openBatches, recordsLeft, uncommitted } from './fates/uncommitted.js';
export { type Version, versions } from './fates/versions.js';
export type { OffsetRange } from './logs/ranges.js';
export { now } from './store/clock.js';
export type { Unanswered } from './store/doubtful.js';
export { FactFile, FactReader } from './store/fact-file.js';
export {
  type BrokerFact,
  type Fact,
  type LogFact,
  type MemberFact,
  QUEUE_EVENTS,
  type QueueFact,
  RECORD_KINDS,
  type Recorder,
  type RecordFact,
  type RecordKind,
  type ReplicaFact,
  SHARE_KINDS,
  type ShareKind,
} from './store/facts.js';
export { Ledger } from './store/ledger.js';
export { type Place, placeName } from './store/place.js';
export {
  MOST_PREVIEWS,
  type Preview,
  type Value,
  type ValueWriter,
} from './store/previews.js';
export { type Reach, reach } from './store/reach.js';
export { byName } from './store/sorting.js';
export type { Beginning, Content } from './store/sums.js';
export { TRAIL_KINDS } from './store/trails.js';
export {
  type FactWriter,
  type Handling,
  handlingFor,
  type QuickHandling,
  type SharedFields,
  writerFor,
} from './store/writer.js';
export { keyText } from './trails/keys.js';
export type { Trail } from './trails/trail.js';
export { type DeliveredRecord, deliveredRecords } from './work/by-record.js';
export type { Job, JobEnd, Presence, UnnamedJob, Work, WorkScope } from './work/job.js';
export { namer } from './work/names.js';
export { busyAtOnce, unnamedWork, workOf } from './work/work.js';
