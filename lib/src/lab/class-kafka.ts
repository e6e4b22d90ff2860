import { connectionFromEnvironment } from '../broker/config/address.js';
import type { BrokerLease, Connection, OwnBroker, OwnCluster } from '../broker/index.js';

/** The Kafka that a class has in common: a broker of the notebook's own is none, unless an address names one beside it. */
export function classKafka(lease: BrokerLease | OwnBroker | OwnCluster): Connection | undefined {
  const isOwn = 'restart' in lease || 'act' in lease;
  return connectionFromEnvironment() ?? (isOwn ? undefined : lease.connection);
}
