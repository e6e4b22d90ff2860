import type { KafkaRequest } from '../../requests/brokers.js';
import type { Answered } from '../errors.js';

/** FindCoordinator, version 1: the broker that has a group. */
export function findCoordinator(groupId: string): KafkaRequest<Answered & { nodeId: number }> {
  return {
    ...{ name: 'FindCoordinator', key: 10, version: 1, flexible: false },
    write: (writer) => writer.string(groupId).int8(GROUP),
    read: (reader) => {
      reader.int32(); // throttled for
      return { error: reader.int16(), message: reader.string(), nodeId: reader.int32() };
    },
  };
}

const GROUP = 0;
