import { leaveGroup } from '../../broker/wire/requests.js';
import { LabError } from '../../errors.js';
import type { LeftMember } from '../../lab/leftovers.js';

/** Takes members out of their groups. @throws LabError BROKER_FAILED if Kafka keeps one */
export async function removeMembers(
  members: readonly LeftMember[],
  brokers: readonly string[],
): Promise<void> {
  const port = Number(brokers[0]?.split(':').pop());
  for (const { group, member, memberId } of members) {
    if (await leaveGroup(port, group, memberId)) continue;
    throw new LabError('BROKER_FAILED', {
      what: `Kafka did not remove member ${member} from group ${group}.`,
      fix: 'Its session times out within ten seconds; then run the command again.',
    });
  }
}
