import type { Socket } from 'node:net';
import { LabError, type LabErrorCode } from '../../errors.js';
import { stateDir } from '../../paths.js';
import type { ProcessId } from '../../processes/processes.js';
import type { BrokerAction } from '../cluster/cluster-broker.js';

/** What a supervisor writes, readable by its owner only, once it can be spoken to. */
export interface Address extends ProcessId {
  port: number;
  token: string;
}

export const files = {
  address: () => stateDir('run', 'supervisor.json'),
  lock: () => stateDir('run', 'supervisor.lock'),
  kafka: () => stateDir('run', 'kafka.json'),
  /** The same of one node of a cluster. */
  node: (nodeId: number) => stateDir('run', `kafka-${nodeId}.json`),
  data: () => stateDir('data', 'kafka'),
  clusterData: () => stateDir('data', 'cluster'),
  logs: () => stateDir('logs'),
  kafkaLog: () => stateDir('logs', 'kafka.log'),
  supervisorLog: () => stateDir('logs', 'supervisor.log'),
};

/** The first line that a client sends; the connection is the lease, and ends with it. */
export type Request =
  | { ask: 'lease'; token: string; holder: string; linger: number }
  | { ask: 'status'; token: string }
  | { ask: 'stop'; token: string };

/** What a holder says later: that it leaves on purpose and wants to know when that has been processed; or, of a cluster, what is to be done to a broker. */
export type Wish = { ask: 'release' } | Order;

export interface Order {
  ask: 'act';
  /** Of this order: its answer carries it. */
  id: number;
  broker: number;
  action: BrokerAction;
}

export interface Ready {
  say: 'ready';
  brokers: string[];
  version: string;
}

export interface Status {
  say: 'status';
  /** Kafka's; absent while it starts. */
  pid?: number;
  brokers: string[];
  version: string;
  holders: string[];
}

export type Reply =
  | Ready
  | Status
  | { say: 'released' }
  | { say: 'starting' }
  | { say: 'done'; id: number }
  | ({ say: 'refused'; id: number } & ErrorText)
  // One broker of a cluster has ended by itself: the others go on.
  | ({ say: 'ended'; broker: number } & ErrorText)
  | ({ say: 'failed' | 'lost' } & ErrorText);

export interface ErrorText {
  code: LabErrorCode;
  what: string;
  why: string;
  fix: string;
}

export function errorText({ code, what, why, fix }: LabError): ErrorText {
  return { code, what, why, fix };
}

export function errorOf({ code, ...text }: ErrorText): LabError {
  return new LabError(code, text);
}

export function send(socket: Socket, message: Request | Wish | Reply): void {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
}

/** Calls back with each line's JSON. A peer that sends anything else, or without end, is cut off. */
export function onMessage<T>(socket: Socket, listener: (message: T) => void): void {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > 65_536) socket.destroy();
    try {
      for (const line of lines) listener(JSON.parse(line) as T);
    } catch {
      socket.destroy();
    }
  });
}
