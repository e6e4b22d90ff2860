import { AssignerProtocol, type PartitionAssigner } from 'kafkajs';

const NAME = 'range';

/**
 * Neighbouring partitions to each member, members in the order of their ids, the first ones taking one more where
 * it does not come out even: the default of Java's consumers (Kafka's RangeAssignor).
 * kafkajs brings only round robin: `partitionAssigners: [rangeAssigner]`.
 */
export const rangeAssigner: PartitionAssigner = ({ cluster }) => ({
  name: NAME,
  version: 0,
  async assign({ members, topics }) {
    const ids = members.map(({ memberId }) => memberId).sort();
    const assignments = ids.map((): Record<string, number[]> => ({}));
    for (const topic of topics) {
      const partitions = cluster
        .findTopicPartitionMetadata(topic)
        .map(({ partitionId }) => partitionId);
      ranges(
        partitions.sort((a, b) => a - b),
        ids.length,
      ).forEach((share, i) => {
        if (share.length > 0) (assignments[i] as Record<string, number[]>)[topic] = share;
      });
    }
    return ids.map((memberId, i) => ({
      memberId,
      memberAssignment: AssignerProtocol.MemberAssignment.encode({
        version: 0,
        assignment: assignments[i] ?? {},
        userData: Buffer.alloc(0),
      }),
    }));
  },
  protocol: ({ topics }) => ({
    name: NAME,
    metadata: AssignerProtocol.MemberMetadata.encode({
      version: 0,
      topics,
      userData: Buffer.alloc(0),
    }),
  }),
});

/** Cuts `partitions` into `members` runs of neighbours whose lengths differ by one at most, longer ones first. */
export function ranges(partitions: readonly number[], members: number): number[][] {
  const least = Math.floor(partitions.length / members);
  const longer = partitions.length % members;
  return Array.from({ length: members }, (_, i) => {
    const start = i * least + Math.min(i, longer);
    return partitions.slice(start, start + least + (i < longer ? 1 : 0));
  });
}
