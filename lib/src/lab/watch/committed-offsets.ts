import type { Admin } from 'kafkajs';
import { type Ledger, now } from '../../ledger/index.js';

/** What the broker says where a group has committed nothing. */
const NONE = -1;

/**
 * Asks the broker what a group has committed, and records where the ledger has it otherwise: not every commit of kafkajs comes
 * as an event. `member` is who moved it.
 */
export async function recordCommitted(
  admin: Pick<Admin, 'fetchOffsets'>,
  ledger: Ledger,
  { group, member }: { group: string; member: string },
): Promise<void> {
  // Before it is asked: what a member commits meanwhile is newer.
  const time = now();
  const answer = await admin.fetchOffsets({ groupId: group });
  const committed = new Map(
    answer.map(({ topic, partitions }) => [topic, new Map(partitions.map(numbers))]),
  );
  for (const { topic, trail } of committedTrails(ledger, group, committed.keys())) {
    const offsets = committed.get(topic);
    for (const partition of new Set([...trail.partitions(), ...(offsets?.keys() ?? [])])) {
      const offset = Math.max(NONE, offsets?.get(partition) ?? NONE);
      if (offset === (trail.newest(partition) ?? NONE)) continue;
      ledger.record({ kind: 'committed', time, group, member, topic, partition, offset });
    }
  }
}

function numbers({ partition, offset }: { partition: number; offset: string }): [number, number] {
  return [partition, Number(offset)];
}

/** Of each topic that the group has committed to, as the ledger has it or the broker. */
function committedTrails(ledger: Ledger, group: string, topics: Iterable<string>) {
  const known = ledger.trailsOf('committed', { group }).map(({ topic }) => topic);
  return [...new Set([...known, ...topics])].map((topic) => ({
    topic,
    trail: ledger.trail('committed', { group, topic }),
  }));
}
