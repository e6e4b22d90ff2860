import { leaveGroup } from '../../broker/wire/requests.js';
import { LabError } from '../../errors.js';
import type { LeftMember } from '../../lab/leftovers.js';
import { removeShareMember } from '../../share-groups/index.js';
import type { Session } from '../kafka/session.js';

/** Takes members out of their groups. @throws LabError BROKER_FAILED or ShareGroupError if Kafka keeps one */
export async function removeMembers(
  { lease, client }: Session,
  members: readonly LeftMember[],
): Promise<void> {
  const port = Number(lease.connection.brokers[0]?.split(':').pop());
  for (const { group, member, memberId, type } of members) {
    if (type === 'share') await removeShareMember(client('kafka-lab'), group, memberId);
    else if (!(await leaveGroup(port, group, memberId)))
      throw new LabError('BROKER_FAILED', {
        what: `Kafka did not remove member ${member} from group ${group}.`,
        fix: 'Its session times out within ten seconds; then run the command again.',
      });
  }
}
