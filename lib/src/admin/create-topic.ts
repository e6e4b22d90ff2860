import type { ITopicConfig } from 'kafkajs';
import { asAdmin } from './as-admin.js';
import { type Admins, untilWritable } from './writable.js';

const LIMIT_MS = 10_000;

/**
 * Creates a topic and waits until each of its partitions can be written and read. Returns whether it is new.
 * kafkajs's own wait asks for the leaders' names alone, and fails where the broker does not know of the topic yet.
 */
export async function createTopic(admins: Admins, topic: ITopicConfig): Promise<boolean> {
  const request = { waitForLeaders: false, timeout: LIMIT_MS, topics: [topic] };
  const isNew = await asAdmin(admins(), (admin) => admin.createTopics(request));
  // One that somebody else has created may have fewer.
  await untilWritable(admins, topic.topic, isNew ? partitionsOf(topic) : 1);
  return isNew;
}

/** As far as the request says: else the broker chooses. */
export function partitionsOf({ numPartitions = 1, replicaAssignment = [] }: ITopicConfig): number {
  return Math.max(1, numPartitions, replicaAssignment.length);
}
