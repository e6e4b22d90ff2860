import { classLearnerOf } from '../../class-board/topic.js';
import { prefixOf, runOf } from '../../lab/resources/names.js';
import { describeGroups } from '../../requests/groups.js';
import { clearGroupConfigs } from '../../share-groups/index.js';
import type { Session } from '../kafka/session.js';
import { topicSizes } from '../kafka/topics.js';
import { openRuns, whyInUse, whyRead } from './in-use.js';

/** What a reset would delete, and what it leaves, with the reason. */
export interface Plan {
  topics: string[];
  groups: string[];
  left: { name: string; why: string }[];
}

/** Which of the two a reset is to delete. */
export interface Wanted {
  topics: boolean;
  groups: boolean;
}

/**
 * On the lab's own Kafka all is the lab's; on another, only what carries the name of a run of this learner. With
 * `prefix`, only what belongs to that learner, wherever it is. Deletes nothing.
 */
export async function planReset(session: Session, wanted: Wanted, prefix?: string): Promise<Plan> {
  const { topics, groups, left } = await planAll(session, prefix);
  return {
    topics: wanted.topics ? topics : [],
    groups: wanted.groups ? groups : [],
    left: left.filter(({ name }) => (name.startsWith('topic ') ? wanted.topics : wanted.groups)),
  };
}

async function planAll(session: Session, prefix?: string): Promise<Plan> {
  const { admin, brokers, lease } = session;
  const all = lease.origin === 'embedded' && !prefix;
  const owner = all ? undefined : (prefix ?? lease.prefix);
  // Topics first: who begins to read one meanwhile is seen. Runs last: each holds Kafka before it creates its first topic.
  const topics = [...(await topicSizes(admin)).keys()];
  const groups = await describeGroups(brokers);
  const reasons = { all, owner, isLearner: prefix !== undefined, inUse: await openRuns() };
  const plan: Plan = { topics: [], groups: [], left: [] };
  // What Kafka hides from this learner is somebody else's, and not even named.
  for (const group of groups.filter(({ isHidden }) => !isHidden)) {
    const why = keep(group.group, reasons) ?? whyInUse(group);
    if (why) plan.left.push({ name: `group ${group.group}`, why });
    else plan.groups.push(group.group);
  }
  for (const topic of topics) {
    const why = keep(topic, reasons) ?? whyRead(topic, groups);
    if (why) plan.left.push({ name: `topic ${topic}`, why });
    else plan.topics.push(topic);
  }
  return plan;
}

interface Reasons {
  /** Everything is the lab's. Otherwise only what belongs to a learner, the owner, is deleted. */
  all: boolean;
  owner: string | undefined;
  /** All of that learner's goes, what the class sees of them, too. */
  isLearner: boolean;
  inUse: ReadonlySet<string>;
}

function keep(name: string, { all, owner, isLearner, inUse }: Reasons): string | undefined {
  const learner = all ? undefined : classLearnerOf(name);
  if (learner !== undefined && learner === owner)
    return isLearner ? undefined : `the class board reads it; reset --prefix ${owner} removes it`;
  const run = runOf(name);
  if (!all && !run) return 'does not carry the name of a notebook of the lab';
  if (!all && prefixOf(name) !== owner) return `does not begin with ${owner}`;
  return run !== undefined && inUse.has(run) ? `notebook ${run} is open` : undefined;
}

/** Carries a plan out. @returns the groups that got members meanwhile, and stay */
export async function reset(
  { admin, client }: Session,
  { topics, groups }: Plan,
): Promise<string[]> {
  const stayed: string[] = [];
  for (const group of groups) {
    await admin.deleteGroups([group]).catch((error) => {
      const type = error.groups?.[0]?.error?.type;
      if (type === 'NON_EMPTY_GROUP') stayed.push(group);
      else if (type !== 'GROUP_ID_NOT_FOUND') throw error; // without offsets it is gone with its last member
    });
  }
  if (topics.length > 0) await admin.deleteTopics({ topics, timeout: 10_000 });
  const gone = groups.filter((group) => !stayed.includes(group));
  await clearGroupConfigs(client('kafka-lab'), gone);
  return stayed;
}
