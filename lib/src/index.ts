import { installHostInTslab } from './tslab-host.js';

installHostInTslab();

/** What a notebook may import. */
export { type Chart, charts, live } from './charts/index.js';
export { LabError, type LabErrorCode } from './errors.js';
export type { InputOptions } from './host.js';
export {
  Lab,
  openLab,
  type Queue,
  rangeAssigner,
  type Service,
  type ServiceRecord,
  type Stream,
  type Topic,
  type UnreliableNetwork,
  watch,
} from './lab/index.js';
export {
  type Alarm,
  type AlarmLimits,
  account,
  alarms,
  arrivals,
  assignment,
  busyAtOnce,
  type Delays,
  type Delivery,
  type DeliveryEnd,
  type Drain,
  delays,
  deliveries,
  drain,
  type Job,
  type JobEnd,
  type Ledger,
  type Load,
  type Loss,
  leaderless,
  load,
  offsetsByPartition,
  outages,
  ownership,
  type Pause,
  type Position,
  partitionsByKey,
  pauses,
  positions,
  type ReplicaSpan,
  replicaSpans,
  type Speedup,
  speedup,
  type Tally,
  tally,
  uncommitted,
  type Work,
  type WorkScope,
  workOf,
} from './ledger/index.js';
export {
  type Assignment,
  type CompareOptions,
  type Comparison,
  check,
  compare,
  exercise,
  type LessonProgress,
  nextLesson,
  type Prediction,
  predict,
  type RecordedLesson,
  readProgress,
  recorded,
} from './lessons/index.js';
export { clearOutput, input } from './notebook.js';
export { openRun, type RunRecorder, recordRun } from './runs/index.js';
export {
  type AcknowledgementKind,
  type EachSharedMessagePayload,
  type HandlingOptions,
  type RecordEvent,
  type ShareConsumer,
  type ShareConsumerEvents,
  type ShareConsumerOptions,
  ShareGroupError,
  type ShareGroupErrorCode,
  setGroupConfigs,
  shareConsumer,
} from './share-groups/index.js';
export { type Order, type OrderEvent, orderEvents } from './shop/order.js';
