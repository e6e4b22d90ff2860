import type { Admin } from 'kafkajs';
import { runOf } from './names.js';
import { onceReady } from './once-ready.js';

/**
 * Deletes topics and groups of runs that nobody holds any more. What another run still uses is left alone,
 * and so is every name that is not the lab's.
 */
export async function sweep(admin: Admin, liveRuns: ReadonlySet<string>): Promise<void> {
  const isStale = (name: string) => {
    const run = runOf(name);
    return run !== undefined && !liveRuns.has(run);
  };
  const topics = (await admin.listTopics()).filter(isStale);
  const { groups: all } = await onceReady(() => admin.listGroups());
  const groups = all.map(({ groupId }) => groupId).filter(isStale);
  // Two sweeps at once may meet: what is gone already is fine. A group that still has members stays.
  if (topics.length > 0) await admin.deleteTopics({ topics, timeout: 10_000 }).catch(() => {});
  if (groups.length > 0) await admin.deleteGroups(groups).catch(() => {});
}
