import { type Admin, Kafka } from 'kafkajs';
import { type BrokerLease, brokerStatus, leaseBroker } from '../broker/index.js';
import { host } from '../host.js';
import { Ledger } from '../ledger/index.js';
import { Clients } from './clients.js';
import { Lab } from './lab.js';
import { type Run, startRun } from './names.js';
import { Services } from './services.js';
import { logToFile } from './settings.js';
import { sweep } from './sweep.js';
import { Topics } from './topics.js';

let current: Promise<Lab> | undefined;

/**
 * Opens the lab for a notebook: a running Kafka, and names of its own for this run. Opened again
 * (the cell or the notebook is run again), it first sends home the clients of the run before.
 * @throws LabError when no broker can be had: NOT_SET_UP, BROKER_FAILED, BROKER_UNREACHABLE, BAD_INPUT
 */
export function openLab(notebook: string): Promise<Lab> {
  const previous = current;
  current = (async () => {
    // An earlier lab that failed to open was reported by its own cell.
    await (await previous?.catch(() => undefined))?.close();
    return open(startRun(notebook));
  })();
  return current;
}

async function open(run: Run): Promise<Lab> {
  const holder = `${run.notebook}.${run.id}`;
  const lease = await leaseBroker({ holder, signal: host().signal() });
  lease.onLost((error) => host().fail(error));
  const admin = new Kafka({ clientId: 'lab', ...lease.connection, logCreator: logToFile }).admin();
  try {
    await admin.connect();
    await sweepBehind(admin, lease);
  } catch (error) {
    await lease.release();
    throw error;
  }
  return assemble(run, lease, admin);
}

function assemble(run: Run, lease: BrokerLease, admin: Admin): Lab {
  const ledger = new Ledger();
  const takeBack = host().onShutdown(() => lab.close());
  const lab = new Lab({
    run,
    lease,
    ledger,
    clients: new Clients(ledger),
    topics: new Topics(admin, run),
    services: new Services(run, lease.connection, ledger),
    onClose: async () => {
      takeBack();
      await admin.disconnect().catch(() => {});
      await lease.release();
    },
  });
  return lab;
}

/** On a cluster of somebody else the lab cannot tell whose run lives, and leaves everything alone. */
async function sweepBehind(admin: Admin, lease: BrokerLease): Promise<void> {
  if (lease.origin !== 'embedded') return;
  const status = await brokerStatus();
  if (status.running) await sweep(admin, new Set(status.holders));
}
