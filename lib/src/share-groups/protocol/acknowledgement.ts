import type { Writer } from '../../requests/encoding.js';
import { byTopic, type Place } from '../places.js';

/**
 * What becomes of an acquired record (KIP-932, "In-flight records"; `renew`: KIP-1222). `gap` is of an offset without a record, as
 * compaction and the ends of transactions leave them.
 */
export const KINDS = ['gap', 'accept', 'release', 'reject', 'renew'] as const;
export type Kind = (typeof KINDS)[number];

/** Offsets in a row, the last one included, and what becomes of each of them. */
export interface Batch {
  first: number;
  last: number;
  kind: Kind;
}

/** All that is acknowledged of one partition at once. */
export interface Acknowledged extends Place {
  batches: readonly Batch[];
}

export const isRenewal = (all: readonly Acknowledged[]): boolean =>
  all.some(({ batches }) => batches.some(({ kind }) => kind === 'renew'));

/** The topics of a ShareFetch or a ShareAcknowledge: both write them alike. */
export function writeTopics(writer: Writer, all: readonly Acknowledged[]): Writer {
  return writer.array(byTopic(all), ([topicId, partitions]) =>
    writer
      .uuid(topicId)
      .array(partitions, ({ partition, batches }) =>
        writer
          .int32(partition)
          .array(batches, ({ first, last, kind }) =>
            writer
              .int64(first)
              .int64(last)
              .array([KINDS.indexOf(kind)], writer.int8) // one for all of them
              .tags(),
          )
          .tags(),
      )
      .tags(),
  );
}
