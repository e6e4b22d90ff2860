import { setTimeout as sleep } from 'node:timers/promises';

/** What a broker answers while it is getting ready: the request was right, and came too early. */
const TOO_EARLY = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION', // a topic that was created a moment ago
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'GROUP_LOAD_IN_PROGRESS',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR_FOR_GROUP',
]);
const PAUSE_MS = 50;

/** Asks a broker again for as long as it answers that it is not ready, `limit` milliseconds at most. */
export async function onceReady<T>(ask: () => Promise<T>, limit = 10_000): Promise<T> {
  const deadline = performance.now() + limit;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const { type = '' } = error as { type?: string };
      if (!TOO_EARLY.has(type) || performance.now() > deadline) throw error;
    }
    await sleep(PAUSE_MS);
  }
}
