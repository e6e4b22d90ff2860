import type { KafkaRequest } from '../../requests/brokers.js';
import type { Reader } from '../../requests/encoding.js';
import type { Answered } from '../errors.js';
import { byTopic, type Place } from '../places.js';
import { writeTopics } from './acknowledgement.js';
import type { Api } from './negotiation.js';

export const SHARE_FETCH: Api = { name: 'ShareFetch', key: 78, min: 1, max: 2 };
/** Since this version a broker can be told to acquire no more records than were asked for (KIP-1206). */
export const RECORD_LIMIT_SINCE = 2;

export interface ShareFetch {
  groupId: string;
  memberId: string;
  epoch: number;
  /** In ms. */
  maxWait: number;
  minBytes: number;
  maxBytes: number;
  maxRecords: number;
  /** Whether `maxRecords` cannot be exceeded; else whole batches are acquired. */
  isStrict: boolean;
  /** Partitions that join the session, and those that leave it. */
  added: readonly Place[];
  forgotten: readonly Place[];
}

/** Offsets in a row, the last one included, and how often each has been delivered, this time included. */
export interface AcquiredRange {
  first: number;
  last: number;
  deliveryCount: number;
}

export interface FetchedPartition extends Place, Answered {
  /** Record batches as they lie in the log: they may have more records than were acquired. */
  records: Buffer;
  acquired: AcquiredRange[];
}

export interface ShareFetchAnswer extends Answered {
  /** In ms: how long an acquired record belongs to this member. */
  lockTimeout: number;
  partitions: FetchedPartition[];
}

/** ShareFetch, versions 1 and 2, without acknowledgements (KIP-932, "Fetching and acknowledging records"). */
export function shareFetch(version: number, fetch: ShareFetch): KafkaRequest<ShareFetchAnswer> {
  const added = fetch.added.map((place) => ({ ...place, batches: [] }));
  return {
    ...{ name: SHARE_FETCH.name, key: SHARE_FETCH.key, version, flexible: true },
    keptFor: fetch.maxWait,
    write: (writer) => {
      writer.string(fetch.groupId).string(fetch.memberId).int32(fetch.epoch);
      writer.int32(fetch.maxWait).int32(fetch.minBytes).int32(fetch.maxBytes);
      writer.int32(fetch.maxRecords).int32(fetch.maxRecords); // batches of no more than that
      if (version >= RECORD_LIMIT_SINCE) writer.int8(fetch.isStrict ? 1 : 0).int8(0); // renews nothing
      writeTopics(writer, added).array(byTopic(fetch.forgotten), ([topicId, places]) =>
        writer
          .uuid(topicId)
          .array(places, ({ partition }) => writer.int32(partition))
          .tags(),
      );
      writer.tags();
    },
    read: (reader) => {
      reader.int32(); // throttled for
      const [error, message] = [reader.int16(), reader.string()];
      const lockTimeout = reader.int32();
      return { error, message, lockTimeout, partitions: partitionsOf(reader, partitionOf) };
    },
  };
}

/** Partitions in the answers to a ShareFetch or a ShareAcknowledge: both tell them by topic. */
export function partitionsOf<P>(reader: Reader, read: (reader: Reader, topicId: string) => P): P[] {
  const topics = reader.array(() =>
    reader.struct(() => {
      const topicId = reader.uuid();
      return reader.array(() => reader.struct(() => read(reader, topicId)));
    }),
  );
  return topics.flat();
}

/** Who leads it, as far as the broker knows. The metadata say that, too, and of all partitions at once. */
export function skipLeader(reader: Reader): void {
  reader.struct(() => [reader.int32(), reader.int32()]);
}

function partitionOf(reader: Reader, topicId: string): FetchedPartition {
  const [partition, error, message] = [reader.int32(), reader.int16(), reader.string()];
  reader.int16(); // of acknowledgements: none are sent along
  reader.string();
  skipLeader(reader);
  const records = reader.bytes();
  const range = () => ({
    ...{ first: reader.int64(), last: reader.int64(), deliveryCount: reader.int16() },
  });
  const acquired = reader.array(() => reader.struct(range));
  return { topicId, partition, error, message, records, acquired };
}
