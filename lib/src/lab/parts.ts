import type { BrokerLease, OwnBroker, OwnCluster } from '../broker/index.js';
import type { Ledger } from '../ledger/index.js';
import type { Open } from './closed.js';
import type { PlatformaticClients } from './platformatic/clients.js';
import type { QueueChannels } from './queues/channels.js';
import type { Copies } from './replication/replication.js';
import type { Run } from './resources/names.js';
import type { Queues } from './resources/queues.js';
import type { Topics } from './resources/topics.js';
import type { Services } from './service/services.js';
import type { ShareClients } from './shares/share-clients.js';
import type { Groups } from './waiting/groups.js';
import type { Logs } from './waiting/logs.js';
import type { Clients } from './watch/clients.js';

/** What a lab consists of. */
export interface Parts {
  run: Run;
  open: Open;
  lease: BrokerLease | OwnBroker | OwnCluster;
  ledger: Ledger;
  clients: Clients;
  channels: QueueChannels;
  copies: Copies;
  platformatic: PlatformaticClients;
  logs: Logs;
  groups: Groups;
  shares: ShareClients;
  topics: Topics;
  services: Services;
  queues: Queues;
  onClose: () => Promise<void>;
}
