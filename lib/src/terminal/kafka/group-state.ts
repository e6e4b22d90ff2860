import type { Admin } from 'kafkajs';
import type { GroupMember } from '../../requests/group-requests.js';
import { type DescribedGroup, describeGroups, shareGroupOffsets } from '../../requests/groups.js';
import type { LogRange } from '../../requests/offsets.js';
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
  /** Who reads it; null if nobody does. */
  member: string | null;
  /** Null if the group has not committed yet. Of a share group: where it goes on, null before its first record. */
  committed: number | null;
  /** Null if the topic is gone. */
  end: number | null;
  /** End minus committed; counted from the first record where nothing was committed. Null where it is not known. */
  lag: number | null;
}

/** The groups, or those that are named: members, assignment, offsets, lag; in order of names. */
export async function groupStates(
  { admin, brokers }: Pick<Session, 'admin' | 'brokers'>,
  only?: readonly string[],
): Promise<GroupState[]> {
  const described = await describeGroups(brokers, only);
  const committed = new Map<string, Offsets>();
  for (const { group, type } of described) {
    const offsets =
      type === 'share' ? shareGroupOffsets(brokers, group) : committedOffsets(admin, group);
    committed.set(group, (await offsets) ?? new Map());
  }
  const topicsOf = ({ group, members = [] }: DescribedGroup) => [
    ...committed.get(group)!.keys(),
    ...members.flatMap(({ assignment }) => Object.keys(assignment)),
  ];
  const ends = await rangesOf({ admin, brokers }, new Set(described.flatMap(topicsOf)));
  return described.map(({ members, ...one }) => ({
    ...one,
    members: members ?? null,
    partitions: partitionsOf({ ...one, members: members ?? [] }, committed.get(one.group)!, ends),
  }));
}

type Offsets = Map<string, Map<number, number>>;
type Ends = Map<string, Map<number, LogRange>>;

async function committedOffsets(admin: Admin, groupId: string): Promise<Offsets> {
  const topics = await admin.fetchOffsets({ groupId });
  return new Map(
    topics.map(({ topic, partitions }) => [
      topic,
      new Map(
        partitions
          .filter(({ offset }) => Number(offset) >= 0)
          .map((at) => [at.partition, Number(at.offset)]),
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
  const found = new Map<string, PartitionState>();
  const add = (topic: string, partition: number, member: string | null) => {
    const end = ends.get(topic)?.get(partition);
    const at = committed.get(topic)?.get(partition) ?? null;
    // A share group begins at the end unless it is told otherwise: before its first record nothing is known.
    const from = at ?? (type === 'share' ? undefined : end?.low);
    const lag = end && from !== undefined ? Math.max(0, end.high - from) : null;
    found.set(`${topic} ${partition}`, {
      topic,
      partition,
      member,
      committed: at,
      end: end?.high ?? null,
      lag,
    });
  };
  const reads = (topic: string) =>
    committed.has(topic) || members.some(({ assignment }) => topic in assignment);
  for (const [topic, offsets] of [...committed, ...[...ends].filter(([topic]) => reads(topic))]) {
    for (const partition of offsets.keys()) add(topic, partition, null);
  }
  for (const { member, assignment } of members) {
    for (const [topic, owned] of Object.entries(assignment))
      for (const p of owned) add(topic, p, member);
  }
  const byTopic = (a: PartitionState, b: PartitionState) =>
    a.topic < b.topic ? -1 : Number(a.topic > b.topic);
  return [...found.values()].sort((a, b) => byTopic(a, b) || a.partition - b.partition);
}
