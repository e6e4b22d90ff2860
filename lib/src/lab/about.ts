import { readFileSync } from 'node:fs';
import type { BrokerLease, OwnBroker, OwnCluster } from '../broker/index.js';
import { host } from '../host.js';

/** What is running, in readable form. */
export interface About {
  kafka: string;
  address: string;
  kafkajs: string;
  /** Which checks the cells; left out where there are none. */
  typescript?: string;
  node: string;
  run: string;
}

export function about(lease: BrokerLease | OwnBroker | OwnCluster, run: string): About {
  const { version, connection } = lease;
  const { typescript } = host();
  return {
    kafka: `${version ?? 'version unknown'} (${kindOf(lease)})`,
    address: connection.brokers.join(', '),
    kafkajs: versionOf('kafkajs'),
    ...(typescript === undefined ? {} : { typescript }),
    node: process.versions.node,
    run,
  };
}

function kindOf(lease: BrokerLease | OwnBroker | OwnCluster): string {
  if ('restart' in lease) return "embedded, this notebook's own";
  if ('act' in lease) return "embedded, a cluster of this notebook's own";
  return lease.origin === 'embedded' ? 'embedded' : 'yours, by address';
}

function versionOf(dependency: string): string {
  return JSON.parse(readFileSync(require.resolve(`${dependency}/package.json`), 'utf8')).version;
}
