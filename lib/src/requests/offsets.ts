import type { Broker } from './brokers.js';
import { topicLeaders } from './metadata-request.js';
import { type ListedOffset, listOffsets, type Which } from './offset-requests.js';

/** Where the log of a partition begins and ends. */
export interface LogRange {
  /** The log start offset: the first that is still there. */
  low: number;
  /** The last stable offset: no transaction is open before it, and readers of committed records get no further. */
  stable: number;
  /** The high watermark: the offset that the next record gets. */
  high: number;
}

/** The partitions of topics, each with the broker that leads it. */
export type Leaders = ReadonlyMap<string, readonly { partitionId: number; leader: number }[]>;

/**
 * The range of each partition, by topic and partition: three requests to each broker, however many topics there are. A
 * partition that has gone, or has no leader now, is left out.
 * @throws kafkajs's error if a broker does not answer
 */
export async function logRanges(
  brokers: readonly Broker[],
  leaders: Leaders,
): Promise<Map<string, Map<number, LogRange>>> {
  const byBroker = partitionsByLeader(leaders);
  const asked = brokers.flatMap((broker) => {
    const partitions = byBroker.get(broker.nodeId);
    const all: Which[] = ['first', 'stable', 'end'];
    return partitions ? all.map((which) => listed(broker, which, partitions)) : [];
  });
  const offsets = (await Promise.all(asked)).flat();
  const [stable, end] = [byPlace(offsets, 'stable'), byPlace(offsets, 'end')];
  const ranges = new Map<string, Map<number, LogRange>>();
  for (const [place, { topic, partition, offset }] of byPlace(offsets, 'first')) {
    const [last, next] = [stable.get(place), end.get(place)];
    if (!last || !next) continue;
    const range = { low: offset, stable: last.offset, high: next.offset };
    const others = ranges.get(topic) ?? new Map<number, LogRange>();
    ranges.set(topic, others.set(partition, range));
  }
  return ranges;
}

type Answer = ListedOffset & { which: Which };

async function listed(
  broker: Broker,
  which: Which,
  partitions: ReadonlyMap<string, readonly number[]>,
): Promise<Answer[]> {
  const answers = await broker.ask(listOffsets(which, partitions));
  return answers.filter(({ error }) => error === 0).map((answer) => ({ which, ...answer }));
}

function byPlace(answers: readonly Answer[], which: Which): Map<string, Answer> {
  const wanted = answers.filter((answer) => answer.which === which);
  return new Map(wanted.map((one) => [`${one.topic} ${one.partition}`, one]));
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

/**
 * Who leads the partitions of topics; those that are not there are left out.
 * @throws kafkajs's error if the first broker does not answer
 */
export async function leadersOf(
  [broker]: readonly Broker[],
  topics: readonly string[],
): Promise<Leaders> {
  const found = (await broker?.ask(topicLeaders(topics))) ?? [];
  const there = found.filter(({ error }) => error === 0);
  return new Map(there.map(({ topic, partitions }) => [topic, partitions]));
}
