import type { Admin } from 'kafkajs';
import { leaveGroup } from '../../broker/wire/requests.js';
import { LabError } from '../../errors.js';
import { type Ghost, type Remains, remainsAmong } from '../../lab/sweep.js';
import type { Brokers } from '../../requests/brokers.js';
import { describeGroups } from '../../requests/groups.js';
import { isForsaken } from '../kafka/member-name.js';
import { topicSizes } from '../kafka/topics.js';

/** @param holders who uses Kafka now: open notebooks have their run's name there */
export async function findRemains(
  { admin, brokers }: { admin: Admin; brokers: Brokers },
  holders: readonly string[],
): Promise<Remains> {
  const topics = [...(await topicSizes(admin)).keys()];
  const groups = await describeGroups(brokers);
  return remainsAmong({ topics, groups }, new Set(holders), isForsaken);
}

/** Takes ghosts out of their groups. @throws LabError BROKER_FAILED if Kafka keeps one */
export async function banish(ghosts: readonly Ghost[], brokers: readonly string[]): Promise<void> {
  const port = Number(brokers[0]?.split(':').pop());
  for (const { group, member, memberId } of ghosts) {
    if (await leaveGroup(port, group, memberId)) continue;
    throw new LabError('BROKER_FAILED', {
      what: `Kafka did not remove member ${member} from group ${group}.`,
      fix: 'Its session times out within ten seconds; then run the command again.',
    });
  }
}
