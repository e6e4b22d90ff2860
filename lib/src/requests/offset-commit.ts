import type { Brokers, KafkaRequest } from './brokers.js';

/** Bookmarks of a group in one topic, and how long a broker is to keep them. */
export interface ShortCommit {
  group: string;
  topic: string;
  /** By partition. */
  offsets: ReadonlyMap<number, number>;
  /** In ms: in the place of the broker's `offsets.retention.minutes`. */
  retention: number;
}

/** A partition and Kafka's number of its error, 0 if there is none. */
type Answer = [partition: number, error: number];

/** OffsetCommit, version 2, as somebody who is no member: the last version in which a client says how long its offsets are kept. */
export function commitFor(commit: ShortCommit): KafkaRequest<Answer[]> {
  const { group, topic, offsets, retention } = commit;
  return {
    ...{ name: 'OffsetCommit', key: 8, version: 2, flexible: false },
    write: (writer) =>
      writer
        .string(group)
        .int32(-1) // no generation
        .string('')
        .int64(retention)
        .array([topic], (name) =>
          writer
            .string(name)
            .array([...offsets], ([partition, offset]) =>
              writer.int32(partition).int64(offset).string(''),
            ),
        ),
    read: (reader) => {
      const topics = reader.array(() => {
        reader.string();
        return reader.array((): Answer => [reader.int32(), reader.int16()]);
      });
      return topics.flat();
    },
  };
}

const NOT_COORDINATOR = 16;

/**
 * Commits for a group that has no members; its coordinator takes it, the other brokers do not.
 * @throws Error with Kafka's number if a partition is refused; kafkajs's error if a broker does not answer
 */
export async function commitShortly(brokers: Brokers, commit: ShortCommit): Promise<void> {
  for (const broker of await brokers.all()) {
    const answers = await broker.ask(commitFor(commit));
    const [refused] = answers.filter(([, error]) => error !== 0);
    if (!refused) return;
    const [partition, error] = refused;
    if (error !== NOT_COORDINATOR)
      throw new Error(`Kafka refused offset of partition ${partition} (error ${error}).`);
  }
  throw new Error(`No broker coordinates group ${commit.group}.`);
}
