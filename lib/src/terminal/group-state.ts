import type { Admin, GroupDescription } from 'kafkajs';

/** A consumer group as Kafka sees it now. */
export interface GroupState {
  group: string;
  /** Kafka's word: Stable, PreparingRebalance, CompletingRebalance, Empty, Dead. */
  state: string;
  members: MemberState[];
  partitions: PartitionState[];
}

export interface MemberState {
  /** The client id. */
  member: string;
  memberId: string;
  assignment: Record<string, number[]>;
}

export interface PartitionState {
  topic: string;
  partition: number;
  /** Who reads it; null if nobody does. */
  member: string | null;
  /** Null if the group has not committed yet. */
  committed: number | null;
  /** Null if the topic is gone. */
  end: number | null;
  /** End minus committed; counted from the first record where nothing was committed. */
  lag: number | null;
}

type Kafkajs = typeof import('kafkajs');

/** Ids of all groups, sorted. */
export async function groupIds(admin: Admin): Promise<string[]> {
  return (await admin.listGroups()).groups.map(({ groupId }) => groupId).sort();
}

/** The members of groups. Their assignment is known while a group is stable. */
export async function describeMembers(
  admin: Admin,
  { AssignerProtocol }: Kafkajs,
  groups: string[],
) {
  if (groups.length === 0) return [];
  const described = (await admin.describeGroups(groups)).groups;
  const membersOf = ({ members }: GroupDescription): MemberState[] =>
    members
      .map(({ clientId, memberId, memberAssignment }) => ({
        member: clientId,
        memberId,
        assignment: AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment ?? {},
      }))
      .sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
  return described
    .map((group) => ({
      group: group.groupId,
      state: group.state as string,
      members: membersOf(group),
    }))
    .sort((a, b) => (a.group < b.group ? -1 : 1));
}

/** All of the groups: members, assignment, offsets, lag. */
export async function groupStates(
  admin: Admin,
  kafkajs: Kafkajs,
  groups: string[],
): Promise<GroupState[]> {
  const described = await describeMembers(admin, kafkajs, groups);
  const committed = new Map<string, Offsets>();
  for (const { group } of described) committed.set(group, await committedOffsets(admin, group));
  const there = new Set(await admin.listTopics());
  const topicsOf = ({ group, members }: (typeof described)[number]) => [
    ...committed.get(group)!.keys(),
    ...members.flatMap(({ assignment }) => Object.keys(assignment)),
  ];
  const ends = await endsOf(
    admin,
    new Set(described.flatMap(topicsOf).filter((topic) => there.has(topic))),
  );
  return described.map((one) => ({
    ...one,
    partitions: partitionsOf(one.members, committed.get(one.group)!, ends),
  }));
}

type Offsets = Map<string, Map<number, number>>;
type Ends = Map<string, Map<number, { low: number; high: number }>>;

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

async function endsOf(admin: Admin, topics: Iterable<string>): Promise<Ends> {
  const ends: Ends = new Map();
  for (const topic of topics) {
    const offsets = await admin.fetchTopicOffsets(topic);
    const numbers = (low: string, high: string) => ({ low: Number(low), high: Number(high) });
    ends.set(
      topic,
      new Map(offsets.map(({ partition, low, high }) => [partition, numbers(low, high)])),
    );
  }
  return ends;
}

/** All partitions of the topics that the group reads or has read, in order: one never committed has its lag, too. */
function partitionsOf(members: MemberState[], committed: Offsets, ends: Ends): PartitionState[] {
  const found = new Map<string, PartitionState>();
  const add = (topic: string, partition: number, member: string | null) => {
    const end = ends.get(topic)?.get(partition);
    const at = committed.get(topic)?.get(partition) ?? null;
    const lag = end ? Math.max(0, end.high - (at ?? end.low)) : null;
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
