import type { Admin, Kafka } from 'kafkajs';
import { partitionsOf } from '../../admin/create-topic.js';
import { type Admins, untilWritable } from '../../admin/writable.js';
import type { Ledger } from '../../ledger/index.js';
import { recordMoves } from './admin-moves.js';

type Grown = (topic: string, partitions: number) => void;

interface Watching {
  ledger: Ledger;
  /** Told of partitions that were added. */
  onGrown: Grown;
}

const watched = new WeakSet<Kafka>();

/**
 * Makes the admin clients of a genuine Kafka object return only when the topics and partitions that they create can be
 * written to, and record the partitions that they add, the offsets that they move, and what they delete. Returns the same
 * object.
 */
export function watchAdmin<K extends Kafka>(kafka: K, { ledger, onGrown }: Watching): K {
  if (watched.has(kafka)) return kafka;
  watched.add(kafka);
  const admins: Admins = kafka.admin.bind(kafka);
  kafka.admin = (config) => {
    const admin = admins(config);
    awaitCreated(admin, admins);
    awaitAdded(admin, admins, onGrown);
    recordMoves(admin, ledger);
    return admin;
  };
  return kafka;
}

/** In the place of kafkajs's own wait, which is over too early, and fails where the broker does not know of the topic yet. */
function awaitCreated(admin: Admin, admins: Admins): void {
  const { createTopics } = admin;
  admin.createTopics = async (options) => {
    if (options.validateOnly || options.waitForLeaders === false) return createTopics(options);
    const isNew = await createTopics({ ...options, waitForLeaders: false });
    const wanted = (isNew ? options.topics : []).map((topic) =>
      untilWritable(admins, topic.topic, partitionsOf(topic)),
    );
    await Promise.all(wanted);
    return isNew;
  };
}

function awaitAdded(admin: Admin, admins: Admins, onGrown: Grown): void {
  const { createPartitions } = admin;
  admin.createPartitions = async (options) => {
    const answer = await createPartitions(options);
    if (options.validateOnly) return answer;
    for (const { topic, count } of options.topicPartitions) {
      onGrown(topic, count);
      await untilWritable(admins, topic, count);
    }
    return answer;
  };
}
