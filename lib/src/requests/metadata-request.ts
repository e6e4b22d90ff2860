import type { KafkaRequest } from './brokers.js';
import type { Reader } from './encoding.js';

/** A topic, and who leads each of its partitions; -1 where nobody does. */
export interface TopicLeaders {
  topic: string;
  /** Kafka's number of the error, 0 if there is none. */
  error: number;
  partitions: PartitionLeader[];
}

/** Who leads a partition, and which brokers have a copy of it. */
export interface PartitionLeader {
  partitionId: number;
  /** -1 where nobody does. */
  leader: number;
  /** Of two answers, the one of the higher epoch is newer. */
  epoch: number;
  replicas: number[];
  inSync: number[];
}

/**
 * Metadata, version 7. kafkajs asks for the metadata of all topics that a client ever named, and fails for all of them once one is
 * deleted.
 */
export function topicLeaders(topics: readonly string[]): KafkaRequest<TopicLeaders[]> {
  return {
    ...{ name: 'Metadata', key: 3, version: 7, flexible: false },
    write: (writer) => writer.array(topics, writer.string).int8(0), // creates no topic
    read: (reader) => {
      reader.int32(); // throttled for
      reader.array(() => skipBroker(reader));
      reader.string(); // the cluster's id
      reader.int32(); // the controller
      return reader.array(() => {
        const [error, topic] = [reader.int16(), reader.string()];
        reader.int8(); // whether it is Kafka's own
        return { topic, error, partitions: reader.array(() => partitionLeader(reader)) };
      });
    },
  };
}

export function skipBroker(reader: Reader): void {
  reader.int32(); // id
  reader.string(); // host
  reader.int32(); // port
  reader.string(); // rack
}

export function partitionLeader(reader: Reader): PartitionLeader {
  reader.int16(); // no leader is known by its number, too
  const [partitionId, leader, epoch] = [reader.int32(), reader.int32(), reader.int32()];
  const [replicas, inSync] = [reader.array(reader.int32), reader.array(reader.int32)];
  reader.array(reader.int32); // replicas that are offline
  return { partitionId, leader, epoch, replicas, inSync };
}
