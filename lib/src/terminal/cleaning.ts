import type { Admin } from 'kafkajs';
import { brokerStatus } from '../broker/index.js';
import { prefixOf, runOf } from '../lab/names.js';
import { describeMembers, groupIds } from './group-state.js';
import type { Session } from './session.js';
import { topicSizes } from './topics.js';

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
  const { admin, kafkajs, lease } = session;
  const all = lease.origin === 'embedded' && !prefix;
  const owner = all ? undefined : (prefix ?? lease.prefix);
  const reasons = { all, owner, inUse: await liveRuns(lease.origin) };
  const groups = await describeMembers(admin, kafkajs, await groupIds(admin));
  const read = new Map<string, string>();
  const plan: Plan = { topics: [], groups: [], left: [] };
  for (const { group, members } of groups) {
    for (const topic of members.flatMap(({ assignment }) => Object.keys(assignment)))
      read.set(topic, group);
    const names = members.map(({ member }) => member).join(', ');
    const why = keep(group, reasons) ?? (members.length > 0 ? `has members: ${names}` : undefined);
    if (why) plan.left.push({ name: `group ${group}`, why });
    else plan.groups.push(group);
  }
  for (const topic of (await topicSizes(admin)).keys()) {
    const why =
      keep(topic, reasons) ??
      (read.has(topic) ? `group ${read.get(topic)} is reading it` : undefined);
    if (why) plan.left.push({ name: `topic ${topic}`, why });
    else plan.topics.push(topic);
  }
  return plan;
}

interface Reasons {
  /** Everything is the lab's. Otherwise only what belongs to a learner, the owner, is deleted. */
  all: boolean;
  owner: string | undefined;
  inUse: ReadonlySet<string>;
}

function keep(name: string, { all, owner, inUse }: Reasons): string | undefined {
  const run = runOf(name);
  if (!all && !run) return 'does not carry the name of a notebook of the lab';
  if (!all && prefixOf(name) !== owner) return `does not begin with ${owner}`;
  return run !== undefined && inUse.has(run) ? `notebook ${run} is open` : undefined;
}

async function liveRuns(origin: 'embedded' | 'address'): Promise<ReadonlySet<string>> {
  const status = origin === 'embedded' ? await brokerStatus() : undefined;
  return new Set(status?.running ? status.holders : []);
}

/** Carries a plan out. @returns the groups that got members meanwhile, and stay */
export async function reset(admin: Admin, { topics, groups }: Plan): Promise<string[]> {
  const stayed: string[] = [];
  for (const group of groups) {
    await admin.deleteGroups([group]).catch((error) => {
      const type = error.groups?.[0]?.error?.type;
      if (type === 'NON_EMPTY_GROUP') stayed.push(group);
      else if (type !== 'GROUP_ID_NOT_FOUND') throw error; // without offsets it is gone with its last member
    });
  }
  if (topics.length > 0) await admin.deleteTopics({ topics, timeout: 10_000 });
  return stayed;
}
