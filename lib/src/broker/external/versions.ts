/** The versions of a request that a broker answers, from and to. */
export type Ranges = ReadonlyMap<number, readonly [number, number]>;

/**
 * The requests that the lab makes by way of kafkajs 2.2.4: Kafka's number of each, and the versions between which one
 * has to be that the broker answers, too. They end where kafkajs's do; they begin where the lab's needs do. A test
 * compares the ends with kafkajs.
 */
export const NEEDED: Readonly<Record<string, { key: number; from: number; to: number }>> = {
  Produce: { key: 0, from: 3, to: 7 }, // 3: headers
  Fetch: { key: 1, from: 4, to: 11 },
  ListOffsets: { key: 2, from: 1, to: 3 },
  Metadata: { key: 3, from: 1, to: 6 },
  OffsetCommit: { key: 8, from: 1, to: 5 },
  OffsetFetch: { key: 9, from: 1, to: 4 },
  GroupCoordinator: { key: 10, from: 0, to: 2 },
  JoinGroup: { key: 11, from: 0, to: 5 },
  Heartbeat: { key: 12, from: 0, to: 3 },
  LeaveGroup: { key: 13, from: 0, to: 3 },
  SyncGroup: { key: 14, from: 0, to: 3 },
  DescribeGroups: { key: 15, from: 0, to: 2 },
  ListGroups: { key: 16, from: 0, to: 2 },
  CreateTopics: { key: 19, from: 1, to: 3 },
  DeleteTopics: { key: 20, from: 0, to: 1 },
  InitProducerId: { key: 22, from: 0, to: 1 },
  AddPartitionsToTxn: { key: 24, from: 0, to: 1 },
  AddOffsetsToTxn: { key: 25, from: 0, to: 1 },
  EndTxn: { key: 26, from: 0, to: 1 },
  TxnOffsetCommit: { key: 28, from: 0, to: 1 },
  DescribeConfigs: { key: 32, from: 0, to: 2 },
  CreatePartitions: { key: 37, from: 0, to: 1 },
  DeleteGroups: { key: 42, from: 0, to: 1 },
};

/** Share groups as of Kafka 4.2; 4.0 had a trial of them, with the version before. */
const SHARE_GROUP_HEARTBEAT = { key: 76, from: 1 };

/** Whether these are of a broker that has share groups. */
export function includeShareGroups(ranges: Ranges): boolean {
  const { key, from } = SHARE_GROUP_HEARTBEAT;
  return (ranges.get(key)?.[1] ?? -1) >= from;
}

/** Kafka 2.4 is the first that chooses the number of copies itself; it is known by this version of CreateTopics. */
const CHOOSES_COPIES = { name: 'CreateTopics', key: 19, from: 4 };

export interface Misfit {
  age: 'old' | 'new';
  /** The request that shows it, and what either side speaks. */
  request: string;
  broker: string;
  client: string;
}

/** Whether a broker is too old or too new for kafkajs; undefined if it fits. */
export function misfit(ranges: Ranges): Misfit | undefined {
  for (const [request, { key, from, to }] of Object.entries(NEEDED)) {
    const client = `${from} to ${to}`;
    const range = ranges.get(key);
    if (!range) return { age: 'old', request, broker: 'none', client };
    const broker = `${range[0]} to ${range[1]}`;
    if (range[1] < from) return { age: 'old', request, broker, client };
    if (range[0] > to) return { age: 'new', request, broker, client };
  }
  const { name: request, key, from } = CHOOSES_COPIES;
  const [lowest, highest] = ranges.get(key) as readonly [number, number];
  if (highest >= from) return undefined;
  return { age: 'old', request, broker: `${lowest} to ${highest}`, client: `${from} or more` };
}
