import type { Admin } from 'kafkajs';
import { leaveGroup } from '../broker/wire.js';
import { LabError } from '../errors.js';
import { runOf } from '../lab/names.js';
import { describeMembers, groupIds } from './group-state.js';
import { isForsaken } from './member-name.js';
import { topicSizes } from './topics.js';

/** A member that Kafka still counts although its process is gone. */
export interface Ghost {
  group: string;
  member: string;
  memberId: string;
}

/** What runs that are over have left on the lab's own Kafka. */
export interface Remains {
  ghosts: Ghost[];
  groups: string[];
  topics: string[];
}

/** @param holders who uses Kafka now: open notebooks have their run's name there */
export async function findRemains(
  admin: Admin,
  kafkajs: typeof import('kafkajs'),
  holders: readonly string[],
): Promise<Remains> {
  const live = new Set(holders);
  const isOver = (name: string) => {
    const run = runOf(name);
    return run !== undefined && !live.has(run);
  };
  const groups = await describeMembers(admin, kafkajs, await groupIds(admin));
  const ghosts = groups.flatMap(({ group, members }) =>
    members
      .filter(({ member }) => isOver(group) || isForsaken(member))
      .map(({ member, memberId }) => ({ group, member, memberId })),
  );
  return {
    ghosts,
    groups: groups.map(({ group }) => group).filter(isOver),
    topics: [...(await topicSizes(admin)).keys()].filter(isOver),
  };
}

/** Takes ghosts out of their groups. @throws LabError BROKER_FAILED if Kafka keeps one */
export async function banish(ghosts: readonly Ghost[], brokers: readonly string[]): Promise<void> {
  const port = Number(brokers[0]?.split(':').pop());
  for (const { group, member, memberId } of ghosts) {
    if (await leaveGroup(port, group, memberId)) continue;
    throw new LabError('BROKER_FAILED', {
      what: `Kafka did not let go of member ${member} of group ${group}.`,
      fix: 'Its session ends by itself within ten seconds; then run the command again.',
    });
  }
}
