import type { Kafka } from 'kafkajs';
import { host } from '../../host.js';
import { Brokers } from '../../requests/brokers.js';
import { describeGroups } from '../../requests/groups.js';
import { disconnectWithin, pause, withDeadline } from '../../waiting.js';

/** How long the broker is asked, and how soon again, in ms. */
const LIMIT_MS = 3000;
const AGAIN_MS = 50;

/** Kafka's words for groups that are about to change who owns what. */
const CHANGING = ['Assigning', 'Reconciling', 'PreparingRebalance', 'CompletingRebalance'];

/** Asks the broker about groups. Never throws, and takes three seconds at most. */
export class Groups {
  private readonly brokers: Brokers;

  constructor(kafka: Kafka) {
    this.brokers = new Brokers(kafka);
  }

  /**
   * Whether a group goes on as it is. With the new protocol partitions move one by one, and in between each has an owner: only the
   * broker knows whether more are about to. True where it does not say.
   */
  async isSettled(group: string): Promise<boolean> {
    const asked = describeGroups(this.brokers, [group]).catch(() => []);
    const found = await withDeadline(asked, { ms: LIMIT_MS, late: () => [] });
    const isSettled = !found.some(({ state }) => CHANGING.includes(state));
    if (!isSettled) await pause(AGAIN_MS, host().signal());
    return isSettled;
  }

  async close(): Promise<void> {
    await disconnectWithin(this.brokers);
  }
}
