import type { Kafka } from 'kafkajs';
import { createTopic } from '../admin/create-topic.js';
import { disconnectWithin } from '../waiting.js';
import { progressTopicConfig } from './topic.js';

/** What is to be sent, by its key. Null: nothing is known of it any more. */
export type Due = ReadonlyMap<string, string | null>;

/** Makes a learner's topic, unless it is there, and waits until it can be written to. @throws kafkajs's error, or LabError TIMED_OUT */
export async function makeProgressTopic(kafka: Kafka, prefix: string): Promise<void> {
  await createTopic((settings) => kafka.admin(settings), progressTopicConfig(prefix));
}

/**
 * Writes to a learner's topic. By a client of its own each time: it happens every few minutes, and the topic may be deleted meanwhile. A
 * record that comes twice says the same.
 * @throws kafkajs's error
 */
export async function sendToClass(kafka: Kafka, topic: string, due: Due): Promise<void> {
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  try {
    await producer.connect();
    const messages = [...due].map(([key, value]) => ({ key, value }));
    await producer.send({ topic, messages });
  } finally {
    await disconnectWithin(producer);
  }
}
