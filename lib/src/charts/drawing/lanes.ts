import { byName, type Ownership } from '../../ledger/index.js';
import { list } from '../../words.js';
import { laneName } from './record.js';
import { brief, partitionsIn, shortNames } from './words.js';

type Partition = Pick<Ownership, 'topic' | 'partition'>;

/** The lanes of partitions. Where a group reads several topics, each names its topic. */
export interface Lanes {
  nameOf(of: Partition): string;
  /** Topics in the order of their lanes, by the name that they are told by. */
  topics: Map<string, string>;
  order: string[];
}

export function lanesOf(spans: readonly Ownership[]): Lanes {
  const names = [...new Set(spans.map(({ topic }) => topic))].sort(byName);
  const shortOf = shortNames(names);
  const nameOf = ({ topic, partition }: Partition) =>
    names.length > 1 ? `${shortOf(topic)} · ${laneName(partition)}` : laneName(partition);
  const sorted = [...spans].sort((a, b) => byName(a.topic, b.topic) || a.partition - b.partition);
  return {
    nameOf,
    topics: new Map(names.map((name) => [name, shortOf(name)])),
    order: [...new Set(sorted.map(nameOf))],
  };
}

/** "partitions 0 and 2"; of several topics "partition 1 of bills and partitions 0 and 2 of orders". */
export function owned(spans: readonly Ownership[], { topics }: Lanes): string {
  const parts = [...topics].flatMap(([topic, name]) => {
    const partitions = spans
      .filter((span) => span.topic === topic)
      .map(({ partition }) => partition)
      .sort((a, b) => a - b);
    if (partitions.length === 0) return [];
    const words = partitionsIn(partitions);
    return topics.size > 1 ? [`${words} of ${brief(name)}`] : [words];
  });
  return list(parts);
}
