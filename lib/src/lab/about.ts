import { readFileSync } from 'node:fs';
import type { BrokerLease } from '../broker/index.js';

/** What is running, for a person to read. */
export interface About {
  kafka: string;
  address: string;
  kafkajs: string;
  node: string;
  run: string;
}

export function about({ version, origin, connection }: BrokerLease, run: string): About {
  const kind = origin === 'embedded' ? 'embedded' : 'yours, by address';
  return {
    kafka: `${version ?? 'version unknown'} (${kind})`,
    address: connection.brokers.join(', '),
    kafkajs: versionOf('kafkajs'),
    node: process.versions.node,
    run,
  };
}

function versionOf(dependency: string): string {
  return JSON.parse(readFileSync(require.resolve(`${dependency}/package.json`), 'utf8')).version;
}
