import type { KafkaRequest } from './brokers.js';
import { Reader } from './encoding.js';

/** By whom, and where its first record in this partition is. */
export interface AbortedTransaction {
  producerId: number;
  from: number;
}

/** What the answer to a Fetch has of one partition. */
export interface FetchedRecords {
  topic: string;
  partition: number;
  /** Kafka's number of the error, 0 if there is none. */
  error: number;
  /** Where the log begins. */
  start: number;
  /** The last stable offset: what is before it can be read, by readers of committed records, too. */
  stable: number;
  /** The high watermark. */
  end: number;
  /** Transactions that were aborted, among what was read; of whoever reads committed records only. */
  aborted: AbortedTransaction[];
  /** Another replica to read from; -1 if there is none. */
  elsewhere: number;
  /** Record batches, as they lie in the broker's file; the last one may be cut off. A view of the answer. */
  records: Buffer;
}

const VERSION = 11;
const BYTES = 1024 * 1024;

/** A place to read from, and how. */
export interface Fetching {
  topic: string;
  partition: number;
  offset: number;
  /** Whether records of transactions that are not committed are left out; without them, one gets no further than an open one. */
  committed: boolean;
  /** How long the broker waits for records where there are none, in milliseconds. */
  wait: number;
}

/** Fetch, version 11, of one partition: at most a megabyte, and one batch at least. */
export function fetchRequest(fetching: Fetching): KafkaRequest<FetchedRecords[]> {
  const { topic, partition, offset, committed, wait } = fetching;
  return {
    ...{ name: 'Fetch', key: 1, version: VERSION, flexible: false, keptFor: wait },
    write: (writer) =>
      writer
        .int32(-1) // no replica
        .int32(wait)
        .int32(1)
        .int32(BYTES)
        .int8(committed ? 1 : 0)
        .int32(0)
        .int32(-1) // no session
        .array([topic], (name) =>
          writer
            .string(name)
            .array([partition], (id) =>
              writer.int32(id).int32(-1).int64(offset).int64(-1).int32(BYTES),
            ),
        )
        .array([], () => {}) // nothing to forget in a session
        .string(''), // no rack
    read: (reader) => fetchedRecords(reader.bytesLeft()),
  };
}

/** Reads the answer to a Fetch, version 11, without its header: the newest version that kafkajs 2.2.4 asks for. */
export function fetchedRecords(answer: Buffer): FetchedRecords[] {
  const reader = new Reader(answer, false);
  reader.int32(); // throttled for
  reader.int16(); // error of the session
  reader.int32(); // the session
  const topics = reader.array(() => {
    const topic = reader.string();
    return reader.array((): FetchedRecords => {
      const [partition, error] = [reader.int32(), reader.int16()];
      const [end, stable, start] = [reader.int64(), reader.int64(), reader.int64()];
      const aborted = reader.array(() => ({ producerId: reader.int64(), from: reader.int64() }));
      const place = { topic, partition, error, start, stable: stable < 0 ? end : stable, end };
      return { ...place, aborted, elsewhere: reader.int32(), records: reader.bytes() };
    });
  });
  return topics.flat();
}
