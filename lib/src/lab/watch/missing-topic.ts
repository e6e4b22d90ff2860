import { LabError } from '../../errors.js';
import { isUnknownTopic } from '../kafkajs/kafka-error.js';

/**
 * Does what needs topics. That one of them is missing is said in words once kafkajs has given up: it assumes that a missing
 * topic is just being created, and asks again for some ten seconds.
 * @throws LabError BAD_INPUT with kafkajs's error as its cause; what else is thrown, as it is
 */
export async function onTopics<T>(
  topics: readonly (string | RegExp)[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isUnknownTopic(error)) throw error;
    const names = topics.flatMap((topic) => (typeof topic === 'string' ? [topic] : []));
    throw missingTopic([...new Set(names)], error);
  }
}

function missingTopic(names: string[], cause: unknown): LabError {
  const [name = 'orders'] = names;
  const which =
    names.length === 1 ? `no topic '${name}'` : `not all of the topics ${names.join(', ')}`;
  return new LabError('BAD_INPUT', {
    what: `Kafka has ${which}.`,
    why: 'It was never created, was deleted, or is spelt differently: this Kafka creates no topic by itself.',
    fix: `Create it in a terminal with: npx --no kafka-lab topic ${name} --partitions 3, or here by admin.createTopics({ topics: [{ topic: '${name}', numPartitions: 3 }] }).`,
    cause,
  });
}
