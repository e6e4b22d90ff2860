import type { KafkaRequest } from './brokers.js';

/** A partition's first offset, or the one that its next record gets. */
export interface ListedOffset {
  topic: string;
  partition: number;
  /** Kafka's number of the error, 0 if there is none. */
  error: number;
  offset: number;
}

const TIMESTAMPS = { first: -2, end: -1 };

/** ListOffsets, version 2: of any number of partitions that a broker leads. The end is the high watermark. */
export function listOffsets(
  which: 'first' | 'end',
  partitions: ReadonlyMap<string, readonly number[]>,
): KafkaRequest<ListedOffset[]> {
  return {
    ...{ name: 'ListOffsets', key: 2, version: 2, flexible: false },
    write: (writer) =>
      writer
        .int32(-1) // no replica
        .int8(0) // transactions that are open count, too
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
