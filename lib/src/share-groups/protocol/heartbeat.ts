import type { KafkaRequest } from '../../requests/brokers.js';
import type { Reader } from '../../requests/encoding.js';
import type { Answered } from '../errors.js';
import type { Place } from '../places.js';
import type { Api } from './negotiation.js';

export const HEARTBEAT: Api = { name: 'ShareGroupHeartbeat', key: 76, min: 1, max: 1 };

/** Of a member that is not in its group yet, and of one that leaves it. */
export const JOINING = 0;
export const LEAVING = -1;

export interface Heartbeat {
  groupId: string;
  memberId: string;
  epoch: number;
  /** Null where they have not changed since the last heartbeat. */
  topics: readonly string[] | null;
}

export interface HeartbeatAnswer extends Answered {
  epoch: number;
  /** Until the next heartbeat, in ms. */
  interval: number;
  /** Undefined where it has not changed. */
  assignment: Place[] | undefined;
}

/** ShareGroupHeartbeat, version 1: joins a group, stays in it, leaves it (KIP-932, "Membership"). */
export function heartbeat(version: number, beat: Heartbeat): KafkaRequest<HeartbeatAnswer> {
  return {
    ...{ name: HEARTBEAT.name, key: HEARTBEAT.key, version, flexible: true },
    write: (writer) =>
      writer
        .string(beat.groupId)
        .string(beat.memberId)
        .int32(beat.epoch)
        .string(null) // no rack
        .array(beat.topics, writer.string)
        .tags(),
    read: (reader) => {
      reader.int32(); // throttled for
      const [error, message] = [reader.int16(), reader.string()];
      reader.string(); // the member's id
      const [epoch, interval] = [reader.int32(), reader.int32()];
      const assignment =
        reader.int8() === PRESENT ? reader.struct(() => places(reader)) : undefined;
      return { error, message, epoch, interval, assignment };
    },
  };
}

const PRESENT = 1;

function places(reader: Reader): Place[] {
  const topics = reader.array(() =>
    reader.struct(() => {
      const topicId = reader.uuid();
      return reader.array(reader.int32).map((partition) => ({ topicId, partition }));
    }),
  );
  return topics.flat();
}
