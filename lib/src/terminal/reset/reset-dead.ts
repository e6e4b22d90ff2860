import { brokerStatus } from '../../broker/index.js';
import { LabError } from '../../errors.js';
import type { Session } from '../kafka/session.js';
import { amount, visible } from '../ui/text.js';
import { reset } from './cleaning.js';
import { banish, findRemains } from './remains.js';

/**
 * Deletes what runs that are over have left: nobody misses it, so nobody is asked. @returns the exit code
 * @throws LabError BAD_INPUT on a Kafka of somebody else
 */
export async function resetDead(session: Session): Promise<number> {
  const { admin, lease } = session;
  const status = await brokerStatus();
  if (lease.origin === 'address' || !status.running) {
    throw new LabError('BAD_INPUT', {
      what: 'Nothing was deleted: this Kafka is yours.',
      why: 'Which of its runs are over is known only on the Kafka that the lab itself starts.',
      fix: 'To choose what to delete: npx --no kafka-lab reset topics groups',
    });
  }
  const { ghosts, groups, topics } = await findRemains(session, status.holders);
  await banish(ghosts, lease.connection.brokers);
  const stayed = await reset(admin, { topics, groups, left: [] });
  for (const { member, group } of ghosts) console.log(visible(`out     ${member} of ${group}`));
  const gone = groups.length - stayed.length;
  console.log(
    `Deleted ${amount(topics.length, 'topic')} and ${amount(gone, 'group')} of runs that are over.`,
  );
  return 0;
}
