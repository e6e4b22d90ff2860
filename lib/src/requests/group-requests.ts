import type { KafkaRequest } from './brokers.js';
import { Reader, type Writer } from './encoding.js';

/** A group as a broker lists it. */
export interface ListedGroup {
  group: string;
  /** What a classic group is made for: `consumer`, or another program's word. */
  protocolType: string;
  /** Empty before Kafka 2.6. */
  state: string;
  /** classic, consumer, share, streams, …; empty before Kafka 3.8. */
  type: string;
}

export interface GroupMember {
  /** The client id. */
  member: string;
  memberId: string;
  /** What it reads now. */
  assignment: Record<string, number[]>;
  /** What it wants to read, or is about to; undefined where it is not known, as during a classic group's rebalance. */
  topics: string[] | undefined;
}

export interface GroupAnswer {
  group: string;
  /** Kafka's number of the error, 0 if there is none. */
  error: number;
  state: string;
  members: GroupMember[];
}

/** ListGroups, versions 3 to 5. */
export function listGroups(
  version: number,
): KafkaRequest<{ error: number; groups: ListedGroup[] }> {
  const none = (writer: Writer) => writer.array([], () => {});
  return {
    ...{ name: 'ListGroups', key: 16, version, flexible: true },
    write: (writer) => {
      if (version >= 4) none(writer); // of all states
      if (version >= 5) none(writer); // and types
      writer.tags();
    },
    read: (reader) => {
      reader.int32(); // throttled for
      const error = reader.int16();
      const group = () => ({
        group: reader.string(),
        protocolType: reader.string(),
        state: version >= 4 ? reader.string() : '',
        type: version >= 5 ? reader.string().toLowerCase() : '',
      });
      return { error, groups: reader.array(() => reader.struct(group)) };
    },
  };
}

/** DescribeGroups, version 5: groups of the classic protocol; one of another type is reported as Dead. */
export function describeClassic(groups: readonly string[]): KafkaRequest<GroupAnswer[]> {
  return describing({ name: 'DescribeGroups', key: 15, version: 5 }, groups, (reader) => {
    const error = reader.int16();
    const group = reader.string();
    const state = reader.string();
    const protocolType = reader.string();
    reader.string(); // the assigner
    const member = (): GroupMember => {
      const memberId = reader.string();
      reader.string(); // instance
      const client = reader.string();
      reader.string(); // host
      const [metadata, assigned] = [reader.bytes(), reader.bytes()];
      const read = protocolType === 'consumer' ? classicReading(metadata, assigned) : undefined;
      return {
        ...{ member: client, memberId },
        ...(read ?? { assignment: {}, topics: undefined }),
      };
    };
    const members = reader.array(() => reader.struct(member));
    reader.int32(); // permitted operations
    return { group, error, state, members };
  });
}

/** ConsumerGroupDescribe, version 0 (KIP-848). */
export function describeConsumer(groups: readonly string[]): KafkaRequest<GroupAnswer[]> {
  return describing({ name: 'ConsumerGroupDescribe', key: 69, version: 0 }, groups, (reader) =>
    described(reader, () => {
      const memberId = reader.string();
      reader.string(); // instance
      const member = clientOf(reader);
      const subscribed = reader.array(reader.string);
      reader.string(); // subscribed to by a pattern: the assignment says to what that led
      const assignment = assignmentOf(reader);
      const target = assignmentOf(reader);
      const topics = [...new Set([...subscribed, ...Object.keys(target)])];
      return { member, memberId, assignment, topics };
    }),
  );
}

/** ShareGroupDescribe, version 1 (KIP-932). */
export function describeShare(groups: readonly string[]): KafkaRequest<GroupAnswer[]> {
  return describing({ name: 'ShareGroupDescribe', key: 77, version: 1 }, groups, (reader) =>
    described(reader, () => {
      const memberId = reader.string();
      const member = clientOf(reader);
      const topics = reader.array(reader.string);
      return { member, memberId, assignment: assignmentOf(reader), topics };
    }),
  );
}

/** Where a partition of a share group begins, and how many of its records nobody has finished; -1 where that is not known. */
export interface ShareOffset {
  start: number;
  lag: number;
}

/** By topic and partition. */
export type ShareOffsets = Map<string, Map<number, ShareOffset>>;

/** DescribeShareGroupOffsets, versions 0 and 1: of all topics that the group has read. */
export function shareOffsets(group: string, version: number): KafkaRequest<ShareOffsets> {
  return {
    ...{ name: 'DescribeShareGroupOffsets', key: SHARE_OFFSETS, version, flexible: true },
    write: (writer) =>
      writer
        .array([group], (id) =>
          writer
            .string(id)
            .array(null, () => {})
            .tags(),
        )
        .tags(),
    read: (reader) => {
      reader.int32(); // throttled for
      const partition = (): [number, ShareOffset] => {
        const [id, start] = [reader.int32(), reader.int64()];
        reader.int32(); // epoch of the leader
        const lag = version >= 1 ? reader.int64() : -1;
        reader.int16(); // error
        reader.string();
        return [id, { start, lag }];
      };
      const topic = (): [string, Map<number, ShareOffset>] => {
        const name = reader.string();
        reader.uuid();
        const offsets = reader.array(() => reader.struct(partition));
        return [name, new Map(offsets.filter(([, { start }]) => start >= 0))];
      };
      const topics = reader.array(() =>
        reader.struct(() => {
          reader.string(); // the group
          const offsets = reader.array(() => reader.struct(topic));
          reader.int16(); // error
          reader.string();
          return offsets;
        }),
      );
      return new Map(topics.flat());
    },
  };
}

export const SHARE_OFFSETS = 90;

type Described = (reader: Reader) => GroupAnswer;

function describing(
  api: { name: string; key: number; version: number },
  groups: readonly string[],
  read: Described,
): KafkaRequest<GroupAnswer[]> {
  return {
    ...api,
    flexible: true,
    // Nobody asks what is permitted.
    write: (writer) => writer.array(groups, writer.string).int8(0).tags(),
    read: (reader) => {
      reader.int32(); // throttled for
      return reader.array(() => reader.struct(() => read(reader)));
    },
  };
}

/** A group of one of the newer types. */
function described(reader: Reader, member: () => GroupMember): GroupAnswer {
  const error = reader.int16();
  reader.string(); // in words
  const group = reader.string();
  const state = reader.string();
  reader.int32(); // epoch of the group
  reader.int32(); // epoch of the assignment
  reader.string(); // the assigner
  const members = reader.array(() => reader.struct(member));
  reader.int32(); // permitted operations
  return { group, error, state, members };
}

/** From a member's rack to its host. */
function clientOf(reader: Reader): string {
  reader.string();
  reader.int32(); // epoch of the member
  const client = reader.string();
  reader.string();
  return client;
}

function assignmentOf(reader: Reader): Record<string, number[]> {
  const topic = (): [string, number[]] => {
    reader.uuid();
    return [reader.string(), reader.array(reader.int32)];
  };
  return reader.struct(() => Object.fromEntries(reader.array(() => reader.struct(topic))));
}

/**
 * What a classic member wants and has, in the words of Kafka's own consumers. Kafka tells both while the group is
 * stable, and neither during a rebalance.
 */
function classicReading(
  metadata: Buffer,
  assigned: Buffer,
): Pick<GroupMember, 'assignment' | 'topics'> | undefined {
  if (metadata.length === 0) return undefined;
  try {
    const wants = new Reader(metadata, false);
    wants.int16(); // version
    const topics = wants.array(wants.string);
    if (assigned.length === 0) return { assignment: {}, topics };
    const has = new Reader(assigned, false);
    has.int16(); // version
    const topic = (): [string, number[]] => [has.string(), has.array(has.int32)];
    return { assignment: Object.fromEntries(has.array(topic)), topics };
  } catch {
    return undefined; // an assigner of somebody's own
  }
}
