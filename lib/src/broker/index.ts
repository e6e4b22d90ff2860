import { lockHolder } from '../processes/lock.js';
import { isAlive, signalProcess, untilGone } from '../processes/processes.js';
import { type Connection, connectionFromEnvironment } from './config/address.js';
import { verifyReachable } from './external/verify.js';
import { type Line, reachSupervisor } from './supervision/client.js';
import type { BrokerLease } from './supervision/lease.js';
import { endLeftover } from './supervision/leftover.js';
import type { OwnCluster } from './supervision/own-cluster.js';
import { files, onMessage, type Reply, send } from './supervision/protocol.js';

export type { BrokerAction } from './cluster/cluster-broker.js';
export { requirePrefix } from './config/prefix.js';
export { buildAotCache } from './embedded/aot-build.js';
export type { LogFile } from './embedded/log-files.js';
export { offersShareGroups } from './external/share-groups.js';
export { leaseBroker, leaseCluster } from './lease.js';
export { leaseOwnBroker, type OwnBroker } from './supervision/own.js';
export type { BrokerLease, Connection, OwnCluster };

export type BrokerStatus =
  | {
      running: false;
      /** The process that looks after the lab's own Kafka, where it is alive and does not answer. */
      silent?: number;
    }
  | {
      running: true;
      origin: 'embedded' | 'address';
      brokers: string[];
      holders: string[];
      /** Of the lab's own Kafka: its process (absent while it starts) and version. */
      pid?: number;
      version?: string;
    };

/** In ms. A supervisor answers at once. */
const STATUS_LIMIT = 3000;
const STOP_LIMIT = 8000;

/** Whether a Kafka answers there, within 2 s. */
export function isReachable(connection: Connection): Promise<boolean> {
  return verifyReachable(connection, { limit: 2000, creating: false }).then(
    () => true,
    () => false,
  );
}

/**
 * What runs now. A Kafka at an address is not asked whether it answers.
 * @throws LabError BAD_INPUT
 */
export async function brokerStatus(): Promise<BrokerStatus> {
  const connection = connectionFromEnvironment();
  if (connection)
    return { running: true, origin: 'address', brokers: connection.brokers, holders: [] };
  const line = await reachSupervisor();
  const reply = line && (await replyTo(line, 'status', STATUS_LIMIT));
  if (line && !reply && isAlive(line.supervisor))
    return { running: false, silent: line.supervisor.pid };
  if (reply?.say !== 'status') return { running: false };
  const { say, ...status } = reply;
  return { running: true, origin: 'embedded', ...status };
}

/**
 * Stops the lab's own Kafka, whoever holds it. Returns whether there was one.
 * @throws LabError BROKER_FAILED if it cannot be ended
 */
export async function stopBroker(): Promise<boolean> {
  const line = await reachSupervisor();
  const supervisor = line?.supervisor ?? lockHolder(files.lock());
  const answer = line && (await replyTo(line, 'stop', STOP_LIMIT));
  // One that does not listen yet, or no longer does, gets a signal. One that hangs is killed, and takes Kafka along.
  if (supervisor && !answer) signalProcess(supervisor, 'SIGTERM');
  if (supervisor && !(await untilGone(supervisor, line ? 2000 : 8000))) {
    signalProcess(supervisor, 'SIGKILL');
    await untilGone(supervisor, 2000);
  }
  const leftover = await endLeftover();
  return leftover || supervisor !== undefined;
}

/** Asks one question. Undefined if the supervisor goes, or says nothing for `limit` ms. */
function replyTo(
  { socket, token }: Line,
  ask: 'status' | 'stop',
  limit: number,
): Promise<Reply | undefined> {
  return new Promise((resolve) => {
    let reply: Reply | undefined;
    onMessage<Reply>(socket, (message) => (reply = message));
    socket.setTimeout(limit, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve(reply));
    send(socket, { ask, token });
  });
}
