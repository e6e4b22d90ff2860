import { LabError } from '../../errors.js';
import { runOf } from '../../lab/resources/names.js';
import { describeGroups } from '../../requests/groups.js';
import type { Session } from '../kafka/session.js';
import { requireTopic } from '../kafka/topics.js';
import { openRuns, whyRead } from './in-use.js';

/**
 * Deletes one topic, whoever made it. @param sure asked for the name once it is known that it can be deleted
 * @returns whether it was deleted @throws LabError BAD_INPUT if it is not there or in use
 */
export async function deleteTopic(
  session: Session,
  topic: string,
  sure: (partitions: number) => Promise<boolean>,
): Promise<boolean> {
  const partitions = await requireTopic(session.admin, topic);
  await requireUnused(session, topic);
  if (!(await sure(partitions))) return false;
  await requireUnused(session, topic); // an answer may take a while
  await session.admin.deleteTopics({ topics: [topic], timeout: 10_000 });
  return true;
}

async function requireUnused({ brokers }: Session, topic: string): Promise<void> {
  const run = runOf(topic);
  const open = run !== undefined && (await openRuns()).has(run);
  const why = open ? `notebook ${run} is open` : whyRead(topic, await describeGroups(brokers));
  if (!why) return;
  throw new LabError('BAD_INPUT', {
    what: `Topic ${topic} is in use, and stays.`,
    why: `${why[0]?.toUpperCase()}${why.slice(1)}.`,
    fix: open
      ? 'Close the notebook and shut its kernel down first.'
      : 'Stop the members of that group first: npx --no kafka-lab groups names them.',
  });
}
