import type { Admin, PartitionMetadata } from 'kafkajs';
import { createTopic as createWritable } from '../../admin/create-topic.js';
import type { Admins } from '../../admin/writable.js';
import { LabError } from '../../errors.js';
import { type LogRange, logRanges } from '../../requests/offsets.js';
import { count } from '../../words.js';
import type { Session } from './session.js';

export interface TopicState {
  topic: string;
  partitions: number;
  /**
   * How many offsets there are from the first to the last one that Kafka still has. Not each has a record where the topic
   * is compacted or was written to in transactions. Null while a partition has no leader.
   */
  offsets: number | null;
  /** In how many partitions a transaction is open: readers of committed records wait there. Null as above. */
  open: number | null;
}

type Asked = Pick<Session, 'admin' | 'brokers'>;

/** Kafka's own topics begin so: __consumer_offsets, __transaction_state, … */
export function isInternal(topic: string): boolean {
  return topic.startsWith('__');
}

/** How many partitions each topic has, in order of names; Kafka's own topics left out. */
export async function topicSizes(admin: Admin): Promise<Map<string, number>> {
  return sizesOf(await leadersOf(admin));
}

/** All topics; those that go meanwhile are left out. */
export async function topicStates(session: Asked): Promise<TopicState[]> {
  const leaders = await leadersOf(session.admin);
  const ranges = await logRanges(await session.brokers.all(), leaders);
  const isThere = (topic: string) =>
    ranges.has(topic) || leaders.get(topic)?.every(({ leader }) => leader < 0);
  const sizes = [...sizesOf(leaders)].filter(([topic]) => isThere(topic));
  return sizes.map(([topic, partitions]) => ({
    ...{ topic, partitions },
    ...contentOf(ranges.get(topic) as Map<number, LogRange>, partitions),
  }));
}

export async function topicState(session: Asked, topic: string): Promise<TopicState> {
  const partitions = await requireTopic(session.admin, topic);
  const range = (await rangesOf(session, new Set([topic]))).get(topic) ?? new Map();
  return { topic, partitions, ...contentOf(range, partitions) };
}

/** Where the logs of topics begin and end; those that are not there are left out. */
export async function rangesOf(
  { admin, brokers }: Asked,
  topics: ReadonlySet<string>,
): Promise<Map<string, Map<number, LogRange>>> {
  if (topics.size === 0) return new Map();
  const all = await leadersOf(admin);
  const wanted = new Map([...all].filter(([topic]) => topics.has(topic)));
  return logRanges(await brokers.all(), wanted);
}

function contentOf(
  ranges: ReadonlyMap<number, LogRange>,
  partitions: number,
): Pick<TopicState, 'offsets' | 'open'> {
  if (ranges.size < partitions) return { offsets: null, open: null };
  const all = [...ranges.values()];
  const offsets = all.reduce((sum, { low, high }) => sum + high - low, 0);
  return { offsets, open: all.filter(({ stable, high }) => stable < high).length };
}

async function leadersOf(admin: Admin): Promise<Map<string, PartitionMetadata[]>> {
  const { topics } = await admin.fetchTopicMetadata();
  return new Map(topics.map(({ name, partitions }) => [name, partitions]));
}

function sizesOf(leaders: ReadonlyMap<string, PartitionMetadata[]>): Map<string, number> {
  const own = [...leaders].filter(([name]) => !isInternal(name));
  const sizes = own.map(([name, partitions]): [string, number] => [name, partitions.length]);
  return new Map(sizes.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** How many partitions the topic has. @throws LabError BAD_INPUT with the topics that there are */
export async function requireTopic(admin: Admin, topic: string): Promise<number> {
  const sizes = await topicSizes(admin);
  const size = sizes.get(topic);
  if (size !== undefined) return size;
  throw new LabError('BAD_INPUT', {
    what: `There is no topic '${topic}'.`,
    why:
      sizes.size === 0
        ? 'This Kafka has no topic yet.'
        : `This Kafka has ${someOf([...sizes.keys()])}.`,
    fix: `Create it with: npx --no kafka-lab topic ${topic} --partitions 3`,
  });
}

/** Creates a topic, unless it is there with just so many partitions. @returns whether it was created */
export async function createTopic(
  { admin, client }: Session,
  topic: string,
  partitions: number,
): Promise<boolean> {
  const admins: Admins = (settings) => client('kafka-lab').admin(settings);
  const there = (await topicSizes(admin)).get(topic);
  // Somebody else may create it just now: kafkajs says false then.
  if (there === undefined && (await createWritable(admins, { topic, numPartitions: partitions })))
    return true;
  const size = there ?? (await requireTopic(admin, topic));
  if (size === partitions) return false;
  throw new LabError('BAD_INPUT', {
    what: `Topic '${topic}' is already there with ${count(size, 'partition')}, not ${partitions}.`,
    fix: `Choose another name, or delete that one with: npx --no kafka-lab topic ${topic} --delete`,
  });
}

/** The first ten names, and how many more there are. */
export function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 10).join(', ');
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown;
}
