import { installed, withState } from '../../paths.js';
import type { BrokerAction } from '../cluster/cluster-broker.js';
import { type BrokerLease, leaseFromSupervisor } from './lease.js';
import { orRemoved, takeOwnFolder } from './own-folder.js';

/** Several brokers that nobody else uses: each may be killed and started. Their data goes when they are released. */
export interface OwnCluster extends BrokerLease {
  /**
   * Does something to one broker; resolves when it has happened.
   * @throws LabError BAD_INPUT, BROKER_FAILED, BROKER_LOST, TIMED_OUT, INTERRUPTED
   */
  act(broker: number, action: BrokerAction, signal?: AbortSignal): Promise<void>;
}

/**
 * Starts a Kafka of several brokers for one holder alone. It ends with its holder, however that goes.
 * @throws LabError NOT_SET_UP, BROKER_FAILED, TIMED_OUT, INTERRUPTED
 */
export async function leaseOwnCluster(options: {
  holder: string;
  brokers: number;
  signal?: AbortSignal;
}): Promise<OwnCluster> {
  installed();
  const folder = await takeOwnFolder(options.holder);
  const started = withState(folder.path, () => leaseFromSupervisor({ ...options, linger: 0 }));
  const lease = await orRemoved(folder, started);
  return {
    connection: { brokers: lease.brokers },
    origin: 'embedded',
    version: lease.version,
    onLost: (listener) => lease.onLost(listener),
    act: (broker, action, signal) => lease.act(broker, action, signal),
    release: async () => {
      await lease.release();
      folder.remove();
    },
  };
}
