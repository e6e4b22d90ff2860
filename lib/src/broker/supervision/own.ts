import { join } from 'node:path';
import { LabError } from '../../errors.js';
import { installed, withState } from '../../paths.js';
import { type LogFile, logFiles } from '../embedded/log-files.js';
import { type BrokerLease, leaseFromSupervisor, type SupervisorLease } from './lease.js';
import { orRemoved, takeOwnFolder } from './own-folder.js';
import { files } from './protocol.js';

/** A Kafka that nobody else uses: it may be stopped and started. Its data goes when it is released. */
export interface OwnBroker extends BrokerLease {
  /** Stops Kafka in an orderly way and starts it again, on the same data and at the same address. */
  restart(): Promise<void>;
  /** The segments of a topic, as they lie on disk now. */
  logFiles(topic: string): LogFile[];
}

/**
 * Starts a Kafka for one holder alone, whatever other brokers there are. It ends with its holder, however that goes.
 * @throws LabError NOT_SET_UP, BROKER_FAILED, TIMED_OUT, INTERRUPTED
 */
export async function leaseOwnBroker(options: {
  holder: string;
  signal?: AbortSignal;
}): Promise<OwnBroker> {
  installed();
  const folder = await takeOwnFolder(options.holder);
  const start = () => withState(folder.path, () => leaseFromSupervisor({ ...options, linger: 0 }));
  const listeners: ((error: LabError) => void)[] = [];
  const watched = (lease: SupervisorLease) => {
    lease.onLost((error) => {
      for (const listener of listeners) listener(error);
    });
    return lease;
  };
  let lease = watched(await orRemoved(folder, start()));
  const { brokers, version } = lease;
  return {
    connection: { brokers },
    origin: 'embedded',
    version,
    onLost: (listener) => void listeners.push(listener),
    restart: async () => {
      await lease.release();
      lease = watched(await start());
      requireSameAddress(brokers, lease.brokers);
    },
    logFiles: (topic) => logFiles(join(withState(folder.path, files.data), 'log'), topic),
    release: async () => {
      await lease.release();
      folder.remove();
    },
  };
}

function requireSameAddress(before: string[], after: string[]): void {
  if (before.join() === after.join()) return;
  throw new LabError('BROKER_FAILED', {
    what: `Kafka came back at ${after.join()}, not at ${before.join()}.`,
    why: 'Another program has taken its port in the meantime, so its clients cannot find it.',
    fix: 'Run the notebook again from the top.',
  });
}
