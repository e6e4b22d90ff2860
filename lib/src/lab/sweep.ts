import type { Kafka } from 'kafkajs';
import { asAdmin } from './admin.js';
import { runOf } from './names.js';
import { onceReady } from './once-ready.js';

/**
 * Deletes topics and groups of runs that nobody holds any more. What another run still uses is left alone,
 * and so is every name that is not the lab's.
 */
export async function sweep(kafka: Kafka, liveRuns: ReadonlySet<string>): Promise<void> {
  const isStale = (name: string) => {
    const run = runOf(name);
    return run !== undefined && !liveRuns.has(run);
  };
  const { topics, groups } = await asAdmin(kafka.admin(), async (admin) => {
    const { groups: all } = await onceReady(() => admin.listGroups());
    return {
      topics: (await admin.listTopics()).filter(isStale),
      groups: all.map(({ groupId }) => groupId).filter(isStale),
    };
  });
  if (topics.length + groups.length === 0) return;
  // Two sweeps at once may meet: what is gone already is fine, but kafkajs would ask for it again for ten seconds.
  // A group that still has members stays.
  await asAdmin(kafka.admin({ retry: { retries: 0 } }), async (admin) => {
    if (topics.length > 0) await admin.deleteTopics({ topics, timeout: 10_000 }).catch(() => {});
    if (groups.length > 0) await admin.deleteGroups(groups).catch(() => {});
  });
}
