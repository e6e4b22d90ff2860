import type { Broker, Brokers, KafkaRequest } from './brokers.js';
import {
  describeClassic,
  describeConsumer,
  describeShare,
  type GroupAnswer,
  type GroupMember,
  type ListedGroup,
  listGroups,
} from './group-requests.js';

/** A group of any type, as Kafka sees it now. */
export interface DescribedGroup {
  group: string;
  /** classic, consumer (KIP-848), share (KIP-932), streams, or what else Kafka calls it; empty where it does not say. */
  type: string;
  /** Kafka's word: Stable, Assigning, Reconciling, PreparingRebalance, CompletingRebalance, Empty, Dead; or Unknown. */
  state: string;
  /** Undefined where this Kafka does not tell us who they are. */
  members: GroupMember[] | undefined;
  /** Kafka tells this client nothing but what is above: it has no right to more. */
  isHidden?: true;
}

/** Whether somebody uses a group. One of which that is not known is in use. */
export function isInUse({ state, members }: DescribedGroup): boolean {
  return members ? members.length > 0 : state !== 'Empty' && state !== 'Dead';
}

/** The topics that the members of a group read or are about to; undefined where that is not known. */
export function topicsReadBy(group: DescribedGroup): string[] | undefined {
  if (!isInUse(group)) return [];
  if (!group.members) return undefined;
  const topics = new Set<string>();
  for (const { assignment, topics: wanted } of group.members) {
    if (!wanted) return undefined;
    for (const topic of [...wanted, ...Object.keys(assignment)]) topics.add(topic);
  }
  return [...topics].sort();
}

/** Which topics groups read. */
export interface Reading {
  /** One of the groups that read it, by the topic. */
  readers: Map<string, string>;
  /** A group of which it is not known what it reads: it may be any topic. */
  unknown: string | undefined;
}

export function readingOf(groups: readonly DescribedGroup[]): Reading {
  const readers = new Map<string, string>();
  let unknown: string | undefined;
  for (const one of groups) {
    const topics = topicsReadBy(one);
    if (!topics) unknown ??= one.group;
    for (const topic of topics ?? []) readers.set(topic, one.group);
  }
  return { readers, unknown };
}

/**
 * The groups of all brokers, of whatever type, in order of names. Each broker lists and describes those that it
 * coordinates. One that goes meanwhile is left out.
 * @param only these; by default all of them
 * @throws kafkajs's error if a broker does not answer; NotReady if one is just starting
 */
export async function describeGroups(
  brokers: Brokers,
  only?: readonly string[],
): Promise<DescribedGroup[]> {
  const all = await brokers.all();
  const found = await Promise.all(all.map((broker) => groupsOf(broker, only)));
  return found.flat().sort((a, b) => (a.group < b.group ? -1 : 1));
}

/** A coordinator that still reads its log of groups. `type` is kafkajs's name of the error. */
class NotReady extends Error {
  readonly type = 'GROUP_LOAD_IN_PROGRESS';
}

/** @throws NotReady */
export async function groupsListedBy(broker: Broker): Promise<ListedGroup[]> {
  const newest = broker.newest(LIST_GROUPS) ?? 3;
  const { error, groups } = await broker.ask(listGroups(Math.min(5, newest)));
  if (error === 0) return groups;
  throw new NotReady(`Broker ${broker.nodeId} does not tell its groups yet (error ${error}).`);
}

const LIST_GROUPS = 16;
const GROUP_AUTHORIZATION_FAILED = 30;
const GROUP_ID_NOT_FOUND = 69;

const DESCRIBING: Record<string, (groups: readonly string[]) => KafkaRequest<GroupAnswer[]>> = {
  classic: describeClassic,
  consumer: describeConsumer,
  share: describeShare,
};

async function groupsOf(broker: Broker, only?: readonly string[]): Promise<DescribedGroup[]> {
  const listed = await groupsListedBy(broker);
  const wanted = only ? listed.filter(({ group }) => only.includes(group)) : listed;
  const types = [...new Set(wanted.map(({ type }) => type))];
  const described = types.map((type) =>
    describe(
      broker,
      wanted.filter((group) => group.type === type),
    ),
  );
  return (await Promise.all(described)).flat();
}

/** Describes groups of one type. Before Kafka 3.8 types are not listed, and all but trials are classic. */
async function describe(broker: Broker, listed: ListedGroup[]): Promise<DescribedGroup[]> {
  const type = listed[0]?.type as string;
  const request = DESCRIBING[type || 'classic']?.(listed.map(({ group }) => group));
  const known = request && (broker.newest(request.key) ?? -1) >= request.version;
  const answers = known ? await broker.ask(request) : [];
  const byName = new Map(answers.map((answer) => [answer.group, answer]));
  return listed.flatMap((one) => asDescribed(one, byName.get(one.group)) ?? []);
}

/** Undefined if the group is gone. */
function asDescribed(
  { group, type, state: listedAs }: ListedGroup,
  answer: GroupAnswer | undefined,
): DescribedGroup | undefined {
  const unknown = { group, type, state: listedAs || 'Unknown', members: undefined };
  if (!answer) return unknown;
  if (answer.error === GROUP_ID_NOT_FOUND) return undefined;
  if (answer.error === GROUP_AUTHORIZATION_FAILED) return { ...unknown, isHidden: true };
  if (answer.error !== 0) return unknown;
  // Classic requests call every group Dead that is not classic, and one that is gone.
  if (answer.state === 'Dead') return type === '' ? unknown : undefined;
  const members = [...answer.members].sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
  return { group, type: type || 'classic', state: answer.state, members };
}
