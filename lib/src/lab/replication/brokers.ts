import type { BrokerAction, BrokerLease, OwnCluster } from '../../broker/index.js';
import { LabError } from '../../errors.js';
import { host } from '../../host.js';
import { type BrokerFact, now } from '../../ledger/index.js';

/**
 * One broker of the notebook's own cluster. Each call resolves when it has happened, and changes nothing where it is so already.
 * All throw LabError: BAD_INPUT where this cannot be done, TIMED_OUT after 5 to 45 s, INTERRUPTED.
 */
export interface Broker {
  readonly id: number;
  /** Ends its process by SIGKILL, as a power cut does: resolves when it is gone. */
  kill(): Promise<void>;
  /** Has it stop in an orderly way, its leaders handed over: resolves when its process is gone. */
  stop(): Promise<void>;
  /** Starts it again on its data: resolves when it answers and the others count on it again. */
  start(): Promise<void>;
  /** Has its process stand still, by SIGSTOP: nobody is told, and nothing is lost of what it holds. */
  pause(): Promise<void>;
  /** Lets it go on, by SIGCONT: resolves when it answers and the others count on it again. */
  resume(): Promise<void>;
}

/** Who may do something to brokers, and who is told of it. */
export interface Owner {
  lease: BrokerLease | OwnCluster;
  notebook: string;
  /** Called before anything happens, and when it has. */
  begins: () => void;
  record: (fact: BrokerFact) => void;
}

const EVENTS: Record<BrokerAction, BrokerFact['event']> = {
  kill: 'killed',
  stop: 'stopped',
  start: 'started',
  pause: 'paused',
  resume: 'resumed',
};

/** A broker as a notebook handles it. Whether there is one of that number, the cluster says. */
export function brokerOf({ lease, notebook, begins, record }: Owner, id: number): Broker {
  const act = async (action: BrokerAction) => {
    if (!('act' in lease)) throw notOurs(lease, { action, id, notebook });
    begins();
    await lease.act(id, action, host().signal());
    record({ kind: 'broker', time: now(), broker: id, event: EVENTS[action] });
  };
  return {
    id,
    kill: () => act('kill'),
    stop: () => act('stop'),
    start: () => act('start'),
    pause: () => act('pause'),
    resume: () => act('resume'),
  };
}

function notOurs(
  { origin }: BrokerLease,
  { action, id, notebook }: { action: BrokerAction; id: number; notebook: string },
): LabError {
  const isByAddress = origin === 'address';
  return new LabError('BAD_INPUT', {
    what: `The lab cannot ${action} broker ${id}.`,
    why: isByAddress
      ? 'This Kafka is yours, by address: the lab talks to its brokers, and does not run their processes.'
      : 'This broker is alone, and other notebooks use it, too.',
    fix: isByAddress
      ? 'Leave these cells out, or run the notebook without KAFKA_BOOTSTRAP_SERVERS: the lab then starts brokers of its own.'
      : `Open the lab with brokers of its own: openLab('${notebook}', { brokers: 3 }).`,
  });
}
