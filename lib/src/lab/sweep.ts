import type { Kafka } from 'kafkajs';
import { asAdmin } from '../admin/as-admin.js';
import { Brokers } from '../requests/brokers.js';
import { clearGroupConfigs } from '../share-groups/index.js';
import { findLeftovers, type LiveRuns } from './leftovers.js';

/**
 * Deletes topics and groups of runs that nobody holds any more. What another run still uses is left alone,
 * and so is every name that is not the lab's.
 */
export async function sweep(kafka: Kafka, liveRuns: LiveRuns): Promise<void> {
  const brokers = new Brokers(kafka);
  const { topics, groups } = await asAdmin(kafka.admin(), (admin) =>
    findLeftovers({ admin, brokers }, liveRuns),
  ).finally(() => brokers.disconnect());
  if (topics.length + groups.length === 0) return;
  // Two sweeps at once may meet: what is gone already is fine, but kafkajs would ask for it again for ten seconds.
  // A group that still has members stays.
  await asAdmin(kafka.admin({ retry: { retries: 0 } }), async (admin) => {
    if (topics.length > 0) await admin.deleteTopics({ topics, timeout: 10_000 }).catch(() => {});
    if (groups.length > 0) await admin.deleteGroups(groups).catch(() => {});
  });
  await clearGroupConfigs(kafka, groups).catch(() => {});
}
