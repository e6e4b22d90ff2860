import type { Admin } from 'kafkajs';
import { onceReady } from '../admin/once-ready.js';
import { type BrokerStatus, brokerStatus } from '../broker/index.js';
import type { Brokers } from '../requests/brokers.js';
import type { GroupMember } from '../requests/group-requests.js';
import { type DescribedGroup, describeGroups, isInUse, readingOf } from '../requests/groups.js';
import { runOf } from './resources/names.js';

/** A member that Kafka still counts although its process is gone. */
export interface LeftMember {
  group: string;
  member: string;
  memberId: string;
  /** That of its group. */
  type: string;
}

/** What runs that are over have left on Kafka. */
export interface Leftovers {
  members: LeftMember[];
  groups: string[];
  topics: string[];
}

const PROTOCOLS = ['classic', 'share'];

/** The runs of open notebooks, which hold the lab's own Kafka. Undefined where that is not known: on a Kafka of somebody else. */
export function liveRuns(status: BrokerStatus): ReadonlySet<string> | undefined {
  if (!status.running || status.origin === 'address') return undefined;
  return new Set(status.holders);
}

/** As `liveRuns`, of now. */
export type LiveRuns = () => Promise<ReadonlySet<string> | undefined>;

export const liveRunsNow: LiveRuns = async () => liveRuns(await brokerStatus());

/**
 * Nothing where it is not known which runs live.
 * @param isGone whether a member is known to be gone for another reason than that its run is over
 */
export async function findLeftovers(
  { admin, brokers }: { admin: Admin; brokers: Brokers },
  liveRuns: LiveRuns,
  isGone?: (member: string) => boolean,
): Promise<Leftovers> {
  // Topics first: who begins to read one meanwhile is seen.
  const topics = await admin.listTopics();
  const groups = await onceReady(() => describeGroups(brokers));
  // Runs last: each holds Kafka before it creates its first topic, so that none of those found is of a run that is not seen.
  const live = await liveRuns();
  return live ? leftoversAmong({ topics, groups }, live, isGone) : NOTHING;
}

const NOTHING: Leftovers = { members: [], groups: [], topics: [] };

/**
 * Separates what is left over from what is in use. A member of an own group of a run that is over is left over, since the lab's
 * clients are gone with their run; they speak the protocols that are named here. What anybody else reads stays.
 */
export function leftoversAmong(
  { groups, topics }: { groups: readonly DescribedGroup[]; topics: readonly string[] },
  live: ReadonlySet<string>,
  isGone: (member: string) => boolean = () => false,
): Leftovers {
  const isOver = (name: string) => {
    const run = runOf(name);
    return run !== undefined && !live.has(run);
  };
  const isLeft = ({ group, type }: DescribedGroup, { member }: GroupMember) =>
    PROTOCOLS.includes(type) && (isOver(group) || isGone(member));
  const members = groups.flatMap((group) =>
    (group.members ?? [])
      .filter((member) => isLeft(group, member))
      .map(({ member, memberId }) => ({ group: group.group, member, memberId, type: group.type })),
  );
  const living = groups.map((group) =>
    group.members
      ? { ...group, members: group.members.filter((member) => !isLeft(group, member)) }
      : group,
  );
  const { readers, unknown } = readingOf(living);
  const isRead = (topic: string) => unknown !== undefined || readers.has(topic);
  return {
    members,
    groups: living.filter((one) => isOver(one.group) && !isInUse(one)).map(({ group }) => group),
    topics: topics.filter((topic) => isOver(topic) && !isRead(topic)),
  };
}
