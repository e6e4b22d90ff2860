import type { ReadRange, Told } from '../logs/told.js';
import type { ValueWriter } from './previews.js';
import type { FactWriter, QuickHandling, SharedFields } from './writer.js';

/**
 * The facts that the lab records. Times are milliseconds since 1970, with fractions.
 * `member` is the client id that the learner gave; `group` is the group id.
 */

/** What happened at an offset of a partition. */
export interface OffsetFact {
  time: number;
  group: string;
  member: string;
  topic: string;
  partition: number;
  offset: number;
}

/**
 * What happened to one record. The first three have no group: `produced` was acknowledged, and its transaction committed if it is
 * part of one; `pending` was acknowledged in a transaction that had not ended; `aborted`: that transaction was. `failed`: the handler threw.
 */
export interface RecordFact extends OffsetFact {
  kind: RecordKind;
  /** The record's key as text; null for a record without one. */
  key: string | null;
}

export const RECORD_KINDS = [
  ...(['produced', 'pending', 'aborted'] as const),
  ...(['delivered', 'processed', 'failed'] as const),
] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/**
 * What happened to a member. `joined` carries what it was assigned: where it comes again with nothing in between, and with the same
 * `memberId`, the member has kept what is in both. `rebalancing` ends all that it owned, as do `left` (in an orderly way) and `crashed`.
 */
export interface MemberFact {
  kind: 'joining' | 'joined' | 'rebalancing' | 'left' | 'crashed';
  time: number;
  group: string;
  member: string;
  /** Only with `joined`: partitions by topic. */
  assignment?: Record<string, number[]>;
  /** Only with `joined`: the name of the assigner that the group agreed on. */
  assigner?: string;
  /** Only with `joined`: the broker's name for this member, from which an assigner's order follows. */
  memberId?: string;
  /** Only with `joined`: the group's generation, once a heartbeat or a commit has told it. Services do not tell it. */
  generation?: number;
  /** Only with `crashed`. */
  reason?: string;
}

/**
 * A group's bookmark: `offset` is the next record it will read. -1 says that the broker has none (any more), as after its group
 * was deleted.
 */
export interface CommitFact extends OffsetFact {
  kind: 'committed';
}

/**
 * A record was sent, and its offset is not known. `in doubt`: nor is whether the broker has it, until somebody reads it (no answer
 * was asked for, or none came). `refused`: the broker has not appended it. Belongs to no group.
 */
export interface DoubtFact {
  kind: 'in doubt' | 'refused';
  time: number;
  group: '';
  member: string;
  topic: string;
  partition: number;
  key: string | null;
  /** Only with `in doubt`: it was sent again, and acknowledged then. If it is not in the log, nothing is missing there. */
  again?: true;
}

/** Records of a partition were deleted: `offset` is the first that it still has. Belongs to no group. */
export interface DeletionFact extends OffsetFact {
  kind: 'deleted';
  group: '';
}

/** What a broker's answer shows of the log of a partition, and what was read with it, if anything. Belongs to no group. */
export interface LogFact extends Told {
  kind: 'log';
  group: '';
  member: string;
  topic: string;
  partition: number;
  read?: ReadRange;
}

/** What a consumer was handed at once: `records` from `offset` on, to be processed and then committed together. */
export interface BatchFact extends OffsetFact {
  kind: 'fetched';
  records: number;
}

/**
 * What became of one delivery of a record in a share group. `acquired`: it belongs to this member until its lock runs out. `released`
 * by its member, or by the broker when that stops. `lock expired`: by the member's clock, before it was acknowledged.
 */
export interface ShareFact extends OffsetFact {
  kind: ShareKind;
  /** How often the record has been delivered to whomever, this time included. */
  deliveries: number;
}

export const SHARE_KINDS = [
  ...(['acquired', 'accepted', 'released'] as const),
  ...(['rejected', 'renewed', 'lock expired'] as const),
] as const;
export type ShareKind = (typeof SHARE_KINDS)[number];

export const QUEUE_EVENTS = [
  ...(['consuming', 'cancelled', 'delivered'] as const),
  ...(['acknowledged', 'requeued', 'rejected'] as const),
] as const;

/**
 * What a consumer of an AMQP queue did, as its channel saw it. `consuming`: it gets messages from now on; `cancelled`: no more. The
 * others are about one delivery of a message; `requeued` by the consumer, or by the broker when the channel ended. Belongs to no topic:
 * a message has no place of its own.
 */
export interface QueueFact {
  kind: 'queue';
  time: number;
  queue: string;
  /** The consumer's tag. */
  member: string;
  event: (typeof QUEUE_EVENTS)[number];
  /** Not with `consuming` and `cancelled`: a number that no other delivery of this notebook has. */
  delivery?: number;
  /** Only with `delivered`: the message's id, or how it begins. */
  message?: string;
  /** Only with `delivered`: whether it had been delivered before, as the broker says. */
  redelivered?: boolean;
}

/**
 * Who led a partition and who was in sync, as the brokers answered: from then on, until they answer something else. Brokers by
 * number; `leader` is -1 where there was none. Of two answers the one of the higher epoch is newer.
 */
export interface ReplicaFact {
  kind: 'replicas';
  time: number;
  topic: string;
  partition: number;
  leader: number;
  epoch: number;
  /** Which brokers have a copy, the one that leads if it can in front. */
  replicas: number[];
  inSync: number[];
}

/** What the notebook had done to a broker of its own, when it had happened. */
export interface BrokerFact {
  kind: 'broker';
  time: number;
  broker: number;
  event: 'killed' | 'stopped' | 'started' | 'paused' | 'resumed';
}

/** An acknowledged record is not in the log of the partition's leader any more: it ends before, or has another record there. Belongs to no group. */
export interface LossFact extends OffsetFact {
  kind: 'lost';
  group: '';
  key: string | null;
}

export type Fact =
  | RecordFact
  | MemberFact
  | CommitFact
  | DeletionFact
  | DoubtFact
  | LogFact
  | BatchFact
  | ShareFact
  | QueueFact
  | ReplicaFact
  | BrokerFact
  | LossFact;

/**
 * What takes facts: the ledger itself, or the file through which a process reports them. It knows no client: each has its adapter,
 * which tells in these words what it does.
 */
export interface Recorder {
  record(fact: Fact): void;
  /** A shorter way for many facts about one partition, if there is one. */
  writer?(shared: SharedFields): FactWriter;
  /** The same for records that go through a handler. */
  handling?(shared: Omit<SharedFields, 'kind'>): QuickHandling;
  /** For how the values of produced records begin, if anybody wants to know: no fact carries a value. */
  values?(topic: string, partition: number): ValueWriter;
  /** Where the log of a partition ends by what was recorded, if the recorder keeps it: 0 where that is nothing. */
  knownEnd?(topic: string, partition: number): number;
}
