import { join } from 'node:path';
import { freePort } from '../embedded/ports.js';
import type { Ports, Role } from '../embedded/settings.js';

/** One node of a cluster: where its files are and where it listens. */
export interface Place {
  nodeId: number;
  roles: readonly Role[];
  dir: string;
  logFile: string;
  ports: Ports;
}

/** A controller of its own: with combined nodes, two that are killed would leave no majority, and no leader were ever elected. */
export const CONTROLLER = 100;

/** The nodes of a cluster in a folder, on ports that are free: brokers 1, 2, 3, …, and a controller. */
export async function places(dir: string, logs: string, brokers: number): Promise<Place[]> {
  const ids = [CONTROLLER, ...Array.from({ length: brokers }, (_, n) => n + 1)];
  const taken: number[] = [];
  const port = async () => {
    taken.push(await freePort(undefined, taken));
    return taken.at(-1) as number;
  };
  const found: Place[] = [];
  for (const nodeId of ids) {
    const roles: Role[] = [nodeId === CONTROLLER ? 'controller' : 'broker'];
    const where = { dir: join(dir, String(nodeId)), logFile: join(logs, `kafka-${nodeId}.log`) };
    found.push({
      nodeId,
      roles,
      ...where,
      ports: { broker: await port(), controller: await port() },
    });
  }
  return found;
}

export const isBroker = ({ nodeId }: Pick<Place, 'nodeId'>): boolean => nodeId !== CONTROLLER;

/** What a cluster's nodes are set to beside what every node is. */
export function clusterSettings(nodeId: number): Record<string, string> {
  return {
    // A topic has a copy on each of three brokers, and is written to while two are in sync.
    'default.replication.factor': '3',
    'min.insync.replicas': '2',
    // A killed broker is missed after 3 s, not 9: long enough for a lesson to let two of them stand still meanwhile.
    'broker.session.timeout.ms': '3000',
    'broker.heartbeat.interval.ms': '300',
    // A follower that asks for a new partition before its leader knows of it asks again after 0.1 s, not 1: until then, nothing
    // that waits for all in sync is acknowledged.
    'replica.fetch.backoff.ms': '100',
    // Each broker has a rack of its own, and serves reads to consumers that name it (KIP-392).
    'broker.rack': `rack-${nodeId}`,
    'replica.selector.class': 'org.apache.kafka.common.replica.RackAwareReplicaSelector',
  };
}
