import type { Kafka } from 'kafkajs';
import { Brokers } from '../requests/brokers.js';
import type { GroupMember } from '../requests/group-requests.js';
import { type DescribedGroup, describeGroups, isInUse, readingOf } from '../requests/groups.js';
import { asAdmin } from './resources/admin.js';
import { runOf } from './resources/names.js';
import { onceReady } from './resources/once-ready.js';

/** A member that Kafka still counts although its process is gone. */
export interface Ghost {
  group: string;
  member: string;
  memberId: string;
}

/** What runs that are over have left on Kafka. */
export interface Remains {
  ghosts: Ghost[];
  groups: string[];
  topics: string[];
}

/**
 * Separates what is left over from what is in use. A member of an own group of a run that is over is a ghost, since the lab's
 * clients
 * are gone with their run; they speak the classic protocol. What anybody else reads stays.
 * @param isDead whether a member is known to be gone for another reason
 */
export function remainsAmong(
  { groups, topics }: { groups: readonly DescribedGroup[]; topics: readonly string[] },
  liveRuns: ReadonlySet<string>,
  isDead: (member: string) => boolean = () => false,
): Remains {
  const isOver = (name: string) => {
    const run = runOf(name);
    return run !== undefined && !liveRuns.has(run);
  };
  const isGhost = ({ group, type }: DescribedGroup, { member }: GroupMember) =>
    type === 'classic' && (isOver(group) || isDead(member));
  const ghosts = groups.flatMap((group) =>
    (group.members ?? [])
      .filter((member) => isGhost(group, member))
      .map(({ member, memberId }) => ({ group: group.group, member, memberId })),
  );
  const living = groups.map((group) =>
    group.members
      ? { ...group, members: group.members.filter((member) => !isGhost(group, member)) }
      : group,
  );
  const { readers, unknown } = readingOf(living);
  const isRead = (topic: string) => unknown !== undefined || readers.has(topic);
  return {
    ghosts,
    groups: living.filter((one) => isOver(one.group) && !isInUse(one)).map(({ group }) => group),
    topics: topics.filter((topic) => isOver(topic) && !isRead(topic)),
  };
}

/**
 * Deletes topics and groups of runs that nobody holds any more. What another run still uses is left alone,
 * and so is every name that is not the lab's.
 */
export async function sweep(kafka: Kafka, liveRuns: ReadonlySet<string>): Promise<void> {
  const { topics, groups } = await asAdmin(kafka.admin(), async (admin) => {
    const there = await admin.listTopics();
    return remainsAmong({ topics: there, groups: await groupsOn(kafka) }, liveRuns);
  });
  if (topics.length + groups.length === 0) return;
  // Two sweeps at once may meet: what is gone already is fine, but kafkajs would ask for it again for ten seconds.
  // A group that still has members stays.
  await asAdmin(kafka.admin({ retry: { retries: 0 } }), async (admin) => {
    if (topics.length > 0) await admin.deleteTopics({ topics, timeout: 10_000 }).catch(() => {});
    if (groups.length > 0) await admin.deleteGroups(groups).catch(() => {});
  });
}

async function groupsOn(kafka: Kafka): Promise<DescribedGroup[]> {
  const brokers = new Brokers(kafka);
  return onceReady(() => describeGroups(brokers)).finally(() => brokers.disconnect());
}
