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

/** A broker's answer that is not complete yet. */
export class TooEarly extends Error {
  /** Whether an error says so, or a broker does: kafkajs wraps an answer that it got again and again. */
  static is(error: unknown): boolean {
    if (error instanceof TooEarly) return true;
    const { type, cause } = error as { type?: string; cause?: { type?: string } };
    return TOO_EARLY.has(type ?? cause?.type ?? '');
  }
}

/** Asks a broker again for as long as it answers that it is not ready, `limit` milliseconds at most. */
export async function onceReady<T>(ask: () => Promise<T>, limit = 10_000): Promise<T> {
  const deadline = performance.now() + limit;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!TooEarly.is(error) || performance.now() > deadline) throw error;
    }
    await sleep(PAUSE_MS);
  }
}
