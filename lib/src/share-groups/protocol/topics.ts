import type { KafkaRequest } from '../../requests/brokers.js';
import type { Reader } from '../../requests/encoding.js';
import { partitionLeader, skipBroker } from '../../requests/metadata-request.js';

/** A topic, and who leads each of its partitions. */
export interface TopicLeaders {
  topicId: string;
  /** Kafka's number of the error, 0 if there is none. */
  error: number;
  topic: string;
  /** By partition; -1 where nobody leads it. */
  leaders: Map<number, number>;
}

/** Metadata, version 12, by which topics are asked for by their ids. */
export function leadersOf(topicIds: readonly string[]): KafkaRequest<TopicLeaders[]> {
  return {
    ...{ name: 'Metadata', key: 3, version: 12, flexible: true },
    write: (writer) =>
      writer
        .array(topicIds, (topicId) => writer.uuid(topicId).string(null).tags())
        .int8(0) // creates no topic
        .int8(0) // nobody asks what is permitted
        .tags(),
    read: (reader) => {
      reader.int32(); // throttled for
      reader.array(() => reader.struct(() => skipBroker(reader)));
      reader.string(); // the cluster's id
      reader.int32(); // the controller
      return reader.array(() => reader.struct(() => topicOf(reader)));
    },
  };
}

function topicOf(reader: Reader): TopicLeaders {
  const [error, topic, topicId] = [reader.int16(), reader.string(), reader.uuid()];
  reader.int8(); // whether it is Kafka's own
  const partitions = reader.array(() => reader.struct(() => partitionLeader(reader)));
  reader.int32(); // what is permitted
  const leaders = new Map(partitions.map(({ partitionId, leader }) => [partitionId, leader]));
  return { topicId, error, topic, leaders };
}
