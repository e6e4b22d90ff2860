import type { Admin, ITopicConfig } from 'kafkajs';
import { onceReady } from './once-ready.js';

const LIMIT_MS = 10_000;

/**
 * Creates a topic and waits until each of its partitions can be written and read. Returns whether it is new.
 * kafkajs's own wait asks for the leaders' names alone. A leader that is named but not ready yet refuses a part of the first
 * send, and kafkajs then sends all of it again: records come twice.
 */
export async function createTopic(admin: Admin, topic: ITopicConfig): Promise<boolean> {
  const request = { waitForLeaders: false, timeout: LIMIT_MS, topics: [topic] };
  const created = await admin.createTopics(request);
  await onceReady(() => admin.fetchTopicOffsets(topic.topic), LIMIT_MS);
  return created;
}
