import { setTimeout as sleep } from 'node:timers/promises';
import { Open } from '../lab/closed.js';
import { PlatformaticClients } from '../lab/platformatic/clients.js';
import { platformaticConnection } from '../lab/platformatic/connection.js';
import type { ServiceSettings } from '../lab/service/service-settings.js';
import { FactFile } from '../ledger/index.js';
import { parseOrder } from './schema.js';

/** Its session is long enough for it to be started again: until then its partitions wait for it. */
const SETTINGS = {
  sessionTimeout: 30_000,
  heartbeatInterval: 250,
  rebalanceTimeout: 30_000,
  maxWaitTime: 500,
};

/** The same as a static member of its group, with the client that can be one. */
export async function consumeStatically(
  settings: ServiceSettings,
  groupInstanceId: string,
): Promise<{ disconnect(): Promise<void> }> {
  const { name: clientId, group: groupId, topic, latency, facts, connection } = settings;
  const { Consumer } = await import('@platformatic/kafka');
  const clients = new PlatformaticClients(new FactFile(facts), new Open(clientId));
  const timeout = settings.sessionTimeout && { sessionTimeout: settings.sessionTimeout };
  const own = { clientId, groupId, groupInstanceId, autocommit: false };
  const consumer = clients.watch(
    new Consumer({ ...own, ...SETTINGS, ...timeout, ...platformaticConnection(connection) }),
  );
  const from = { mode: 'committed', fallbackMode: 'earliest' } as const;
  const stream = await consumer.consume({ topics: [topic], ...from });
  void handleAll();
  return { disconnect: () => clients.close() };

  async function handleAll(): Promise<void> {
    for await (const { value, commit } of stream) {
      parseOrder(value);
      await sleep(latency);
      await commit();
    }
  }
}
