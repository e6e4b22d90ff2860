import { quick } from '../lab/settings.js';

/**
 * Keeps a service a member during work that may outlast its session. kafkajs sends heartbeats between records only: the broker would
 * remove the member, and the record would come again, each time.
 */
export async function withHeartbeats<T>(
  heartbeat: () => Promise<void>,
  work: () => Promise<T>,
): Promise<T> {
  // What the broker answers, it answers to the next fetch as well: kafkajs joins anew then.
  const beating = setInterval(
    () => void heartbeat().catch(() => undefined),
    quick.heartbeatInterval,
  );
  try {
    return await work();
  } finally {
    clearInterval(beating);
  }
}
