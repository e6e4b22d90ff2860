import type { KafkaRequest } from './brokers.js';

/** Where the log of a partition begins, where a reader of committed records gets no further, or where the log ends. */
export type Which = 'first' | 'stable' | 'end';

/** One of these offsets of a partition. */
export interface ListedOffset {
  topic: string;
  partition: number;
  /** Kafka's number of the error, 0 if there is none. */
  error: number;
  offset: number;
}

const TIMESTAMPS = { first: -2, stable: -1, end: -1 };
/** What a reader sees: all records, or committed ones. */
const ISOLATION = { first: 0, stable: 1, end: 0 };

/** ListOffsets, version 2: of any number of partitions that a broker leads. */
export function listOffsets(
  which: Which,
  partitions: ReadonlyMap<string, readonly number[]>,
): KafkaRequest<ListedOffset[]> {
  return {
    ...{ name: 'ListOffsets', key: 2, version: 2, flexible: false },
    write: (writer) =>
      writer
        .int32(-1) // no replica
        .int8(ISOLATION[which])
        .array([...partitions], ([topic, ids]) =>
          writer
            .string(topic)
            .array(ids, (partition) => writer.int32(partition).int64(TIMESTAMPS[which])),
        ),
    read: (reader) => {
      reader.int32(); // throttled for
      const topics = reader.array(() => {
        const topic = reader.string();
        return reader.array((): ListedOffset => {
          const [partition, error] = [reader.int32(), reader.int16()];
          reader.int64(); // a timestamp, where one was asked for
          return { topic, partition, error, offset: reader.int64() };
        });
      });
      return topics.flat();
    },
  };
}
