import { LabError } from '../../errors.js';
import { findLeftovers, liveRunsNow } from '../../lab/leftovers.js';
import { count } from '../../words.js';
import { isLeftover } from '../kafka/member-name.js';
import type { Session } from '../kafka/session.js';
import { visible } from '../ui/text.js';
import { reset } from './cleaning.js';
import { removeMembers } from './leftover-members.js';

/**
 * Deletes what runs that are over have left: nobody misses it, so nobody is asked. @returns the exit code
 * @throws LabError BAD_INPUT on a Kafka of somebody else
 */
export async function resetLeftovers(session: Session): Promise<number> {
  if (session.lease.origin !== 'embedded') {
    throw new LabError('BAD_INPUT', {
      what: 'Nothing was deleted: this Kafka is yours.',
      why: 'Which of its runs are over is known only on the Kafka that the lab itself starts.',
      fix: 'To choose what to delete: npx --no kafka-lab reset topics groups',
    });
  }
  const { members, groups, topics } = await findLeftovers(session, liveRunsNow, isLeftover);
  await removeMembers(session, members);
  const stayed = await reset(session, { topics, groups, left: [] });
  for (const { member, group } of members) console.log(visible(`out     ${member} of ${group}`));
  const gone = groups.length - stayed.length;
  console.log(
    `Deleted ${count(topics.length, 'topic')} and ${count(gone, 'group')} of runs that are over.`,
  );
  return 0;
}
