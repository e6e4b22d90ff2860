import { Kafka } from 'kafkajs';
import { asSystemError } from '../broker/embedded/system-error.js';
import {
  type BrokerLease,
  leaseBroker,
  leaseCluster,
  leaseOwnBroker,
  type OwnBroker,
  type OwnCluster,
} from '../broker/index.js';
import { joinClass } from '../class-board/join.js';
import { lookQuickly } from '../doctor/quick.js';
import { host } from '../host.js';
import { Ledger, openLesson } from '../ledger/index.js';
import { classKafka } from './class-kafka.js';
import { logToFile } from './client-log.js';
import { Open } from './closed.js';
import { Lab } from './lab.js';
import { liveRunsNow } from './leftovers.js';
import { PlatformaticClients } from './platformatic/clients.js';
import { QueueChannels } from './queues/channels.js';
import { Copies } from './replication/replication.js';
import { type Run, startRun } from './resources/names.js';
import { Queues } from './resources/queues.js';
import { Topics } from './resources/topics.js';
import { Services } from './service/services.js';
import { ShareClients } from './shares/share-clients.js';
import { sweep } from './sweep.js';
import { Groups } from './waiting/groups.js';
import { Logs } from './waiting/logs.js';
import { Clients } from './watch/clients.js';
import { transactionEnds } from './watch/transaction-ends.js';

export interface OpenOptions {
  /** A broker of this notebook's own, so that `lab.restartBroker()` affects no other. */
  ownBroker?: boolean;
  /**
   * A Kafka of so many brokers and a controller, this notebook's own: `lab.broker(2)` may be killed and started. With
   * KAFKA_BOOTSTRAP_SERVERS it is that Kafka, if it has so many brokers; the lab can kill none of them then.
   */
  brokers?: 3;
}

type AnyLease = BrokerLease | OwnBroker | OwnCluster;

let current: Promise<Lab> | undefined;

/**
 * Opens the lab for a notebook: a running Kafka, and names of its own for this run. Opened again
 * (the cell or the notebook is run again), it first disconnects the clients of the previous run.
 * @throws LabError when no broker can be had: NOT_SET_UP, BROKER_FAILED, BROKER_UNREACHABLE, BAD_INPUT,
 *   SYSTEM_REFUSED
 */
export function openLab(notebook: string, options: OpenOptions = {}): Promise<Lab> {
  const previous = current;
  current = (async () => {
    // An earlier lab that failed to open was reported by its own cell.
    await (await previous?.catch(() => undefined))?.close();
    return open(startRun(notebook), options).catch((error) => {
      throw asSystemError(error);
    });
  })();
  return current;
}

async function open(run: Run, options: OpenOptions): Promise<Lab> {
  const holder = `${run.notebook}.${run.id}`;
  lookQuickly();
  const lease = await leaseFor(options, { holder, signal: host().signal() });
  lease.onLost((error) => host().fail(error));
  const kafka = new Kafka({ clientId: 'lab', ...lease.connection, logCreator: logToFile });
  try {
    // On a Kafka of somebody else the lab cannot tell whose run lives; on one of this notebook's own there is none but this.
    const isShared = !('restart' in lease || 'act' in lease);
    if (isShared && lease.origin === 'embedded') await sweep(kafka, liveRunsNow);
  } catch (error) {
    await lease.release();
    throw error;
  }
  return assemble(run.under(lease.prefix), lease, kafka);
}

function leaseFor(
  { ownBroker, brokers }: OpenOptions,
  request: { holder: string; signal: AbortSignal },
): Promise<AnyLease> {
  if (brokers) return leaseCluster({ ...request, brokers });
  return ownBroker ? leaseOwnBroker(request) : leaseBroker(request);
}

function assemble(run: Run, lease: AnyLease, kafka: Kafka): Lab {
  const ledger = new Ledger();
  const open = new Open(run.notebook);
  const logs = new Logs(kafka, ledger);
  const ends = transactionEnds(() => kafka.admin(), logs, ledger);
  openLesson({ lesson: run.notebook, ledger });
  const takeBack = host().onShutdown(() => lab.close());
  const leaveClass = joinClass(run.notebook, classKafka(lease), logToFile);
  const copies = copiesOn({ kafka, lease, ledger, notebook: run.notebook });
  lease.onLost((_, broker) => copies.ended(broker));
  const clients = new Clients(ledger, open, { logs, ends });
  const isExpected = clients.expectedErrors.has.bind(clients.expectedErrors);
  const lab = new Lab({
    run,
    lease,
    ledger,
    open,
    clients,
    channels: new QueueChannels(ledger),
    copies,
    platformatic: new PlatformaticClients(ledger, open, ends),
    logs,
    groups: new Groups(kafka),
    shares: new ShareClients(ledger, open, isExpected),
    topics: new Topics(kafka, run),
    services: new Services(run, lease.connection, ledger),
    queues: new Queues(run, open),
    onClose: async () => {
      takeBack();
      await leaveClass();
      await lease.release();
    },
  });
  return lab;
}

/** Asks with short limits: a broker that is gone, or stands still, does not answer. */
const IMPATIENT = { connectionTimeout: 1000, requestTimeout: 1000, retry: { retries: 0 } };

function copiesOn(parts: Omit<ConstructorParameters<typeof Copies>[0], 'impatient'>): Copies {
  const { connection } = parts.lease;
  const how = { clientId: 'lab', ...connection, ...IMPATIENT, logCreator: logToFile };
  return new Copies({ ...parts, impatient: new Kafka(how) });
}
