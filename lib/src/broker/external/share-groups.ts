import type { Connection } from '../config/address.js';
import { probe } from './probe.js';
import { includeShareGroups } from './versions.js';

/** Whether the Kafka at an address has share groups; undefined where nothing answers within `limit` ms. Never throws. */
export async function offersShareGroups(
  { brokers, ssl, sasl }: Connection,
  limit = 2000,
): Promise<boolean | undefined> {
  const probes = brokers.map((address) => probe(address, ssl, sasl?.mechanism, limit));
  return Promise.any(probes).then(
    ({ ranges }) => includeShareGroups(ranges),
    () => undefined,
  );
}
