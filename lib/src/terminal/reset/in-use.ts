import { liveRunsNow } from '../../lab/leftovers.js';
import { type DescribedGroup, isInUse, readingOf } from '../../requests/groups.js';

/** Why a group is not to be deleted. */
export function whyInUse(group: DescribedGroup): string | undefined {
  if (!isInUse(group)) return undefined;
  if (group.members) return `has members: ${group.members.map(({ member }) => member).join(', ')}`;
  return `may have members: this Kafka does not say (${group.state})`;
}

/**
 * Why a topic is not to be deleted as far as its readers go. Groups that Kafka hides from this learner are taken for those of others
 * with rights to names of their own alone (docs/instructors.md): in a class somebody always reads.
 */
export function whyRead(topic: string, groups: readonly DescribedGroup[]): string | undefined {
  const { readers, unknown } = readingOf(groups.filter(({ isHidden }) => !isHidden));
  if (readers.has(topic)) return `group ${readers.get(topic)} is reading it`;
  if (unknown !== undefined)
    return `group ${unknown} may be reading it: Kafka does not say now what its members read`;
  return undefined;
}

/** The runs of notebooks that are open. */
export async function openRuns(): Promise<ReadonlySet<string>> {
  return (await liveRunsNow()) ?? new Set();
}
