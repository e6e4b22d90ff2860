import type { Kafka } from 'kafkajs';

type Grown = (topic: string, partitions: number) => Promise<void>;

const watched = new WeakSet<Kafka>();

/**
 * Makes the admins of a genuine Kafka object tell of partitions that they add, before the call returns to the learner. Returns
 * the same object.
 */
export function watchAdmin<K extends Kafka>(kafka: K, onGrown: Grown): K {
  if (watched.has(kafka)) return kafka;
  watched.add(kafka);
  const createAdmin = kafka.admin.bind(kafka);
  kafka.admin = (config) => {
    const admin = createAdmin(config);
    const { createPartitions } = admin;
    admin.createPartitions = async (options) => {
      const answer = await createPartitions(options);
      if (options.validateOnly) return answer;
      for (const { topic, count } of options.topicPartitions) await onGrown(topic, count);
      return answer;
    };
    return admin;
  };
  return kafka;
}
