import type { OffsetRange } from '../logs/ranges.js';
import type { Told } from '../logs/told.js';
import type { Fact, OffsetFact } from './facts.js';
import type { KeptValue } from './previews.js';
import type { TrailKind } from './trails.js';

export interface Place {
  topic: string;
  partition: number;
}

interface OfTrail {
  of: TrailKind;
  group: string;
  topic: string;
}

/** The next name of those whose facts are told. */
interface MemberName {
  kind: 'member';
  member: string;
}

/** The next trail. */
interface TrailName extends OfTrail {
  kind: 'trail';
}

/** What is kept of the facts about a partition whose detail was given up: `offset` and `time` of the newest, `first` that of the oldest of all. */
interface ForgottenFacts extends OfTrail {
  kind: 'forgotten';
  partition: number;
  first: number;
  count: number;
  highest: number;
  offset: number;
  time: number;
}

/** How many of them were a member's, and when the last came. */
interface ForgottenOfMember extends OfTrail {
  kind: 'forgotten of';
  member: string;
  count: number;
  last: number;
}

/** How many of them were about each offset of a range; 255 for more. */
interface Counted extends OfTrail, OffsetRange {
  kind: 'counted';
  partition: number;
  times: number;
}

/** The highest log start offset that a broker has told of a partition, and whether its log ever had records. */
interface PartitionSeen extends Place {
  kind: 'partition';
  start: number;
  hadRecords: boolean;
}

interface ToldOf extends Place, Told {
  kind: 'told';
}

/** Offsets without a record for readers of committed ones, and why. */
interface Places extends Place, OffsetRange {
  kind: 'places';
  are: 'markers' | 'aborted' | 'compacted';
}

/** A record of unknown offset that is in doubt, or turned out never to have been appended; or how many more there are. */
export type Unanswerable = Place &
  (
    | { kind: 'doubtful' | 'never appended' | 'was refused'; time: number }
    | { kind: 'more doubtful' | 'more refused'; count: number }
  );

interface KeptValueOf extends KeptValue {
  kind: 'value';
}

/** The ledger is that of an experiment, made at this time: where the logs ended then, and how many records had been refused. */
export type Beginning =
  | { kind: 'experiment'; time: number }
  | (Place & { kind: 'from'; offset: number })
  | (Place & { kind: 'refused before'; count: number });

/** What a ledger holds besides facts with their detail. */
export type Sum =
  | MemberName
  | TrailName
  | ForgottenFacts
  | ForgottenOfMember
  | Counted
  | PartitionSeen
  | ToldOf
  | Places
  | Unanswerable
  | KeptValueOf;

/** Retention has removed the records before `offset`: the ledger has seen that. */
export interface ExpiryFact extends OffsetFact {
  kind: 'expired';
  group: '';
}

/** What a ledger holds, one after the other. */
export type Content = Fact | ExpiryFact | Sum | Beginning;
