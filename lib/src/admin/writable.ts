import type { Admin, AdminConfig } from 'kafkajs';
import { LabError, messageOf } from '../errors.js';
import { asAdmin } from './as-admin.js';
import { onceReady, TooEarly } from './once-ready.js';

const LIMIT_MS = 10_000;
/** kafkajs waits 300 ms before it asks again; a broker needs a few after a topic was created. */
const SOON = { retry: { initialRetryTime: 30 } };

/** Makes admin clients. */
export type Admins = (config?: AdminConfig) => Admin;

/**
 * Waits until so many partitions of a topic can be written and read, each. The leader of a new partition is named before it
 * is one: until then it refuses its part of a request with NOT_LEADER, and kafkajs sends all of that request again, so that
 * records come twice. Offsets are answered under the same condition as a write is taken, and asking for them writes nothing.
 * @throws LabError TIMED_OUT after 10 s, or what the broker answers
 */
export async function untilWritable(
  admins: Admins,
  topic: string,
  partitions: number,
): Promise<void> {
  try {
    await onceReady(() => asAdmin(admins(SOON), ask), LIMIT_MS);
  } catch (error) {
    if (!TooEarly.is(error)) throw error;
    throw new LabError('TIMED_OUT', {
      what: `Topic ${topic} exists, but not all of its partitions can be written to after ${LIMIT_MS / 1000} s.`,
      why: `Kafka's last answer: ${messageOf(error)}`,
      fix: 'Run the cell or the command again, when the machine is less busy.',
      cause: error,
    });
  }

  /** By a client of its own each time: one client keeps for minutes what it was told of a topic. */
  async function ask(admin: Admin): Promise<void> {
    const found = (await admin.fetchTopicOffsets(topic)).length;
    if (found < partitions) throw new TooEarly(`it knows of ${found} of ${partitions} partitions`);
  }
}
