import type { Admin } from 'kafkajs';
import type { GroupMember, ShareOffsets } from '../../requests/group-requests.js';
import { type DescribedGroup, describeGroups } from '../../requests/groups.js';
import type { LogRange } from '../../requests/offsets.js';
import { shareGroupOffsets } from '../../requests/share-groups.js';
import type { Session } from './session.js';
import { rangesOf } from './topics.js';

/** A group of any type as Kafka sees it now. */
export interface GroupState {
  group: string;
  /** classic, consumer, share, streams, …; empty where Kafka does not say. */
  type: string;
  /** Kafka's word: Stable, PreparingRebalance, CompletingRebalance, Assigning, Reconciling, Empty, Dead; or Unknown. */
  state: string;
  /** Null where this Kafka does not tell them. */
  members: GroupMember[] | null;
  partitions: PartitionState[];
}

export interface PartitionState {
  topic: string;
  partition: number;
  /** Who reads it; null if nobody does. Of a share group all that do, with commas between. */
  member: string | null;
  /** Null if the group has not committed yet. Of a share group: where it goes on, null before its first record. */
  committed: number | null;
  /** Null if the topic is gone. */
  end: number | null;
  /** The last stable offset: before the end where a transaction is open. Null if the topic is gone. */
  stable: number | null;
  /**
   * End minus committed; counted from the first record where nothing was committed. Of a share group: how many records nobody has
   * finished. Null where it is not known.
   */
  lag: number | null;
}

/**
 * The groups, or those that are named: members, assignment, offsets, lag; in order of names. Of those of others Kafka may tell
 * the names alone, which are nobody's business: they are shown only to who names them.
 */
export async function groupStates(
  { admin, brokers }: Pick<Session, 'admin' | 'brokers'>,
  only?: readonly string[],
): Promise<GroupState[]> {
  const all = await describeGroups(brokers, only);
  const described = only ? all : all.filter(({ isHidden }) => !isHidden);
  const committed = new Map<string, Offsets>();
  for (const one of described) committed.set(one.group, await offsetsOf({ admin, brokers }, one));
  const topicsOf = ({ group, members = [] }: DescribedGroup) => [
    ...committed.get(group)!.keys(),
    ...members.flatMap(({ assignment }) => Object.keys(assignment)),
  ];
  const ends = await rangesOf({ admin, brokers }, new Set(described.flatMap(topicsOf)));
  return described.map(({ group, type, state, members }) => {
    const read = { type, members: members ?? [] };
    const partitions = partitionsOf(read, committed.get(group)!, ends);
    return { group, type, state, members: members ?? null, partitions };
  });
}

/** What is committed, and the lag where Kafka says it; else -1. */
type Offsets = ShareOffsets;
type Ends = Map<string, Map<number, LogRange>>;

async function offsetsOf(
  { admin, brokers }: Pick<Session, 'admin' | 'brokers'>,
  { group, type, isHidden }: DescribedGroup,
): Promise<Offsets> {
  if (isHidden) return new Map();
  if (type !== 'share') return committedOffsets(admin, group);
  return (await shareGroupOffsets(brokers, group)) ?? new Map();
}

async function committedOffsets(admin: Admin, groupId: string): Promise<Offsets> {
  const topics = await admin.fetchOffsets({ groupId });
  return new Map(
    topics.map(({ topic, partitions }) => [
      topic,
      new Map(
        partitions
          .filter(({ offset }) => Number(offset) >= 0)
          .map((at) => [at.partition, { start: Number(at.offset), lag: -1 }]),
      ),
    ]),
  );
}

/** All partitions of the topics that the group reads or has read, in order: one never committed has its lag, too. */
function partitionsOf(
  { type, members }: { type: string; members: GroupMember[] },
  committed: Offsets,
  ends: Ends,
): PartitionState[] {
  const owned = members.flatMap(({ member, assignment }) =>
    Object.entries(assignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => ({ topic, partition, member })),
    ),
  );
  const read = new Set([...committed.keys(), ...owned.map(({ topic }) => topic)]);
  const known = [...read].flatMap((topic) =>
    [...(committed.get(topic)?.keys() ?? []), ...(ends.get(topic)?.keys() ?? [])].map(
      (partition) => ({ topic, partition, member: null }),
    ),
  );
  // An owner takes the place of nobody; of a share group a partition has several.
  const found = new Map<string, { topic: string; partition: number; member: string | null }>();
  for (const place of [...known, ...owned]) {
    const key = `${place.topic} ${place.partition}`;
    const other = found.get(key)?.member;
    found.set(key, other ? { ...place, member: `${other}, ${place.member}` } : place);
  }
  return [...found.values()]
    .sort((a, b) => compare(a.topic, b.topic) || a.partition - b.partition)
    .map((place) => ({ ...place, ...progressOf(place, type, committed, ends) }));
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** What is committed of a partition, where it ends and is stable, and the lag; null where that is not known. */
function progressOf(
  { topic, partition }: { topic: string; partition: number },
  type: string,
  committed: Offsets,
  ends: Ends,
): Pick<PartitionState, 'committed' | 'end' | 'stable' | 'lag'> {
  const end = ends.get(topic)?.get(partition);
  const told = committed.get(topic)?.get(partition);
  const at = told?.start ?? null;
  // A share group begins at the end unless it is told otherwise: before its first record nothing is known.
  const from = at ?? (type === 'share' ? undefined : end?.low);
  const counted = end && from !== undefined ? Math.max(0, end.high - from) : null;
  const lag = told && told.lag >= 0 ? told.lag : counted;
  return { committed: at, end: end?.high ?? null, stable: end?.stable ?? null, lag };
}
