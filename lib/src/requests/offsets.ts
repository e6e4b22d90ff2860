import type { Brokers } from './brokers.js';
import { type ListedOffset, listOffsets } from './offset-requests.js';

/** Where the log of a partition begins, and the offset that its next record gets. */
export interface LogRange {
  low: number;
  high: number;
}

/** The partitions of topics, each with the broker that leads it. */
export type Leaders = ReadonlyMap<string, readonly { partitionId: number; leader: number }[]>;

/**
 * The range of each partition, by topic and partition: two requests to each broker, however many topics there are. A
 * partition that has gone, or has no leader now, is left out.
 * @throws kafkajs's error if a broker does not answer
 */
export async function logRanges(
  brokers: Brokers,
  leaders: Leaders,
): Promise<Map<string, Map<number, LogRange>>> {
  const byBroker = partitionsByLeader(leaders);
  const asked = (await brokers.all()).flatMap((broker) => {
    const partitions = byBroker.get(broker.nodeId);
    if (!partitions) return [];
    const both = [listOffsets('first', partitions), listOffsets('end', partitions)];
    return [Promise.all(both.map((request) => broker.ask(request)))];
  });
  const ranges = new Map<string, Map<number, LogRange>>();
  for (const [first = [], end = []] of await Promise.all(asked)) addRanges(ranges, first, end);
  return ranges;
}

function addRanges(
  ranges: Map<string, Map<number, LogRange>>,
  first: ListedOffset[],
  end: ListedOffset[],
): void {
  const keyOf = ({ topic, partition }: ListedOffset) => `${topic} ${partition}`;
  const ends = new Map(
    end.filter(({ error }) => error === 0).map((one) => [keyOf(one), one.offset]),
  );
  for (const one of first) {
    const high = ends.get(keyOf(one));
    if (one.error !== 0 || high === undefined) continue;
    const topic = ranges.get(one.topic) ?? new Map<number, LogRange>();
    ranges.set(one.topic, topic.set(one.partition, { low: one.offset, high }));
  }
}

function partitionsByLeader(leaders: Leaders): Map<number, Map<string, number[]>> {
  const byBroker = new Map<number, Map<string, number[]>>();
  for (const [topic, partitions] of leaders)
    for (const { partitionId, leader } of partitions) {
      const topics = byBroker.get(leader) ?? new Map<string, number[]>();
      byBroker.set(leader, topics.set(topic, [...(topics.get(topic) ?? []), partitionId]));
    }
  return byBroker;
}
