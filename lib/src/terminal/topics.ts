import type { Admin } from 'kafkajs';
import { LabError } from '../errors.js';
import { createTopic as createWritable } from '../lab/create-topic.js';
import type { Admins } from '../lab/writable.js';
import type { Session } from './session.js';

export interface TopicState {
  topic: string;
  partitions: number;
  /** Records between the first and the last offset that Kafka still has. */
  records: number;
}

/** Kafka's own topics begin so: __consumer_offsets, __transaction_state, … */
export function isInternal(topic: string): boolean {
  return topic.startsWith('__');
}

/** How many partitions each topic has, in order of names; Kafka's own topics left out. */
export async function topicSizes(admin: Admin): Promise<Map<string, number>> {
  const { topics } = await admin.fetchTopicMetadata();
  const own = topics
    .filter(({ name }) => !isInternal(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return new Map(own.map(({ name, partitions }) => [name, partitions.length]));
}

export async function topicStates(admin: Admin): Promise<TopicState[]> {
  const sizes = [...(await topicSizes(admin))];
  return Promise.all(
    sizes.map(async ([topic, partitions]) => ({
      topic,
      partitions,
      records: await recordsIn(admin, topic),
    })),
  );
}

export async function topicState(admin: Admin, topic: string): Promise<TopicState> {
  const partitions = await requireTopic(admin, topic);
  return { topic, partitions, records: await recordsIn(admin, topic) };
}

async function recordsIn(admin: Admin, topic: string): Promise<number> {
  const ends = await admin.fetchTopicOffsets(topic);
  return ends.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
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
    what: `Topic '${topic}' is already there with ${size} partition${size === 1 ? '' : 's'}, not ${partitions}.`,
    fix: 'Choose another name, or delete the topics of the lab with: npx --no kafka-lab reset topics',
  });
}

/** The first ten names, and how many more there are. */
export function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 10).join(', ');
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown;
}
