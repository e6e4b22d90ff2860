import { LabError } from '../errors.js';
import { stateDir } from '../paths.js';
import type { Exit } from '../processes/guarded.js';
import { urlFromEnvironment, verifyReachable, withoutPassword } from './address.js';
import { claim, giveUp, removeLeftoverQueues } from './leftover.js';
import { programs, type Qpid, startQpid } from './qpid.js';

/** An AMQP 0-9-1 broker to work with, until it is released or this process ends. */
export interface QueueLease {
  /** For `amqp.connect(url)`. It holds a password: show `address` instead. */
  readonly url: string;
  readonly address: string;
  readonly origin: 'embedded' | 'address';
  /** Calls back if it ends while in use: with QUEUE_LOST, once. */
  onLost(listener: (error: LabError) => void): void;
  /** Releases it. One that the lab started has then ended, with all that it held. */
  release(): Promise<void>;
}

/**
 * Holds an AMQP queue: the one that AMQP_URL names, else one that is started for this holder alone. It ends with its holder,
 * however the holder's process ends.
 * @throws LabError BAD_INPUT, QUEUE_UNREACHABLE, NOT_SET_UP, QUEUE_FAILED, TIMED_OUT, INTERRUPTED
 */
export async function leaseQueue({
  holder,
  signal,
}: {
  holder: string;
  signal?: AbortSignal;
}): Promise<QueueLease> {
  const url = urlFromEnvironment();
  if (!url) return leaseOwn(holder, signal);
  await verifyReachable(url);
  const address = withoutPassword(url);
  return { url, address, origin: 'address', onLost: () => {}, release: async () => {} };
}

async function leaseOwn(holder: string, signal?: AbortSignal): Promise<QueueLease> {
  programs();
  await removeLeftoverQueues();
  const folder = stateDir('queue', `${holder}.${process.pid}`);
  giveUp(folder); // what is left of one that was lost
  claim(folder);
  try {
    const qpid = await startQpid({ folder, signal, onSpawn: (process) => claim(folder, process) });
    return leaseOf(qpid, () => giveUp(folder));
  } catch (error) {
    // Of a failure the log stays: for as long as this process, or until the next start.
    if (error instanceof LabError && error.code === 'INTERRUPTED') giveUp(folder);
    throw error;
  }
}

function leaseOf(qpid: Qpid, forget: () => void): QueueLease {
  let released = false;
  const { url, log } = qpid;
  return {
    url,
    address: withoutPassword(url),
    origin: 'embedded',
    onLost: (listener) =>
      void qpid.exited.then((exit) => {
        if (!released) listener(lost(exit, log));
      }),
    release: async () => {
      released = true;
      await qpid.stop();
      forget();
    },
  };
}

function lost({ code, signal }: Exit, log: string): LabError {
  const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
  return new LabError('QUEUE_LOST', {
    what: `The queue ${how}, and all its messages are gone.`,
    why: `It keeps them in memory. Its log is ${log}.`,
    fix: 'Run the notebook again from the top: the queue is started again.',
  });
}
