import type { FetchedRecords } from '../../requests/fetched-records.js';

/** What a consumer asked for, as kafkajs calls it. */
export interface Asked {
  isolationLevel: number;
  topics: { topic: string; partitions: { partition: number; fetchOffset: string }[] }[];
}

/** What came of a fetch: `time` is when it was asked for, in milliseconds since 1970. */
export interface Fetched {
  time: number;
  asked: Asked;
  answers: readonly FetchedRecords[];
}

type Listener = (fetched: Fetched) => Promise<void> | undefined;

/** By the connections to one broker, which tell whose fetch it is. */
export const fetchListeners = new WeakMap<object, Listener>();

/** NaN if the partition was not asked for. */
export function offsetAsked(
  of: { topic: string; partition: number },
  { topics }: Pick<Asked, 'topics'>,
): number {
  const partitions = topics.filter(({ topic }) => topic === of.topic).flatMap((t) => t.partitions);
  return Number(partitions.find(({ partition }) => partition === of.partition)?.fetchOffset);
}
