import type { KafkaRequest } from '../../requests/brokers.js';
import type { Answered } from '../errors.js';
import type { Place } from '../places.js';
import { type Acknowledged, isRenewal, writeTopics } from './acknowledgement.js';
import type { Api } from './negotiation.js';
import { partitionsOf, skipLeader } from './share-fetch.js';

export const SHARE_ACKNOWLEDGE: Api = { name: 'ShareAcknowledge', key: 79, min: 1, max: 2 };
/** Since this version locks can be renewed (KIP-1222). */
export const RENEWAL_SINCE = 2;

export interface ShareAcknowledge {
  groupId: string;
  memberId: string;
  epoch: number;
  partitions: readonly Acknowledged[];
}

export interface ShareAcknowledgeAnswer extends Answered {
  partitions: (Place & Answered)[];
}

/**
 * ShareAcknowledge, versions 1 and 2 (KIP-932, "Fetching and acknowledging records"). The broker takes all batches of a partition,
 * or none of them.
 */
export function shareAcknowledge(
  version: number,
  { groupId, memberId, epoch, partitions }: ShareAcknowledge,
): KafkaRequest<ShareAcknowledgeAnswer> {
  return {
    ...{ name: SHARE_ACKNOWLEDGE.name, key: SHARE_ACKNOWLEDGE.key, version, flexible: true },
    keptFor: 0, // over the connection of the session
    write: (writer) => {
      writer.string(groupId).string(memberId).int32(epoch);
      if (version >= RENEWAL_SINCE) writer.int8(isRenewal(partitions) ? 1 : 0);
      writeTopics(writer, partitions).tags();
    },
    read: (reader) => {
      reader.int32(); // throttled for
      const [error, message] = [reader.int16(), reader.string()];
      if (version >= RENEWAL_SINCE) reader.int32(); // the lock's time, which a fetch tells, too
      const read = partitionsOf(reader, (_, topicId) => {
        const place = { topicId, partition: reader.int32() };
        const answered = { error: reader.int16(), message: reader.string() };
        skipLeader(reader);
        return { ...place, ...answered };
      });
      return { error, message, partitions: read };
    },
  };
}
