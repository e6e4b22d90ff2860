import { installed } from '../paths.js';
import { type Connection, connectionFromEnvironment } from './config/address.js';
import { namePrefix } from './config/prefix.js';
import { type Verifying, verifyReachable } from './external/verify.js';
import { type BrokerLease, leaseFromSupervisor } from './supervision/lease.js';
import { leaseOwnCluster, type OwnCluster } from './supervision/own-cluster.js';

export interface LeaseRequest {
  /** Who holds it, for people: shown by `kafka-lab status`. */
  holder: string;
  /** How long the broker stays after this holder has gone, in ms: 60,000 unless told. */
  linger?: number;
  /** Whether the holder makes topics: on a Kafka at an address that right is looked at, too. True unless told. */
  creating?: boolean;
  signal?: AbortSignal;
  /** Called once if the process that looks after the lab's own Kafka has said nothing for 3 s. */
  onSilent?: (pid: number) => void;
}

/** A Kafka far away, or one that a whole class comes to at once, takes seconds for TLS, a password and its first answers. */
const ANSWER_LIMIT = 10_000;

/**
 * Holds a Kafka: the one that KAFKA_BOOTSTRAP_SERVERS names, else the lab's own, which is started for the first who
 * asks and shared by all.
 * @throws LabError BAD_INPUT, BROKER_UNREACHABLE, BROKER_REFUSED, NOT_SET_UP, BROKER_FAILED, TIMED_OUT, INTERRUPTED
 */
export async function leaseBroker({
  holder,
  linger = 60_000,
  creating = true,
  signal,
  onSilent,
}: LeaseRequest): Promise<BrokerLease> {
  const connection = connectionFromEnvironment();
  if (connection) return addressed(connection, { creating, signal });
  installed();
  const lease = await leaseFromSupervisor({ holder, linger, signal, onSilent });
  return {
    connection: { brokers: lease.brokers },
    origin: 'embedded',
    ...named('embedded'),
    version: lease.version,
    onLost: (listener) => lease.onLost(listener),
    release: () => lease.release(),
  };
}

/**
 * Holds a Kafka of several brokers: the one that KAFKA_BOOTSTRAP_SERVERS names, if it has so many, else one that is started
 * for this holder alone, each broker of which it may kill and start.
 * @throws LabError BAD_INPUT, BROKER_UNREACHABLE, BROKER_REFUSED, NOT_SET_UP, BROKER_FAILED, TIMED_OUT, INTERRUPTED
 */
export async function leaseCluster(request: {
  holder: string;
  brokers: number;
  signal?: AbortSignal;
}): Promise<BrokerLease | OwnCluster> {
  const connection = connectionFromEnvironment();
  return connection ? addressed(connection, request) : leaseOwnCluster(request);
}

async function addressed(
  connection: Connection,
  wanted: Pick<Verifying, 'creating' | 'brokers' | 'signal'>,
): Promise<BrokerLease> {
  const { creating = true, brokers = 1, signal } = wanted;
  const names = named('address'); // may be refused, and nobody has to be asked for that
  await verifyReachable(connection, { limit: ANSWER_LIMIT, creating, brokers, signal });
  const held = { onLost: () => {}, release: async () => {} };
  return { connection, origin: 'address', ...names, ...held };
}

function named(origin: BrokerLease['origin']): Pick<BrokerLease, 'prefix'> {
  const prefix = namePrefix(origin);
  return prefix ? { prefix } : {};
}
