import type { Socket } from 'node:net';
import { LabError, type LabErrorCode } from '../../errors.js';
import { stateDir } from '../../paths.js';
import type { ProcessId } from '../../processes/processes.js';

/** What a supervisor writes, readable by its owner only, once it can be spoken to. */
export interface Address extends ProcessId {
  port: number;
  token: string;
}

export const files = {
  address: () => stateDir('run', 'supervisor.json'),
  lock: () => stateDir('run', 'supervisor.lock'),
  kafka: () => stateDir('run', 'kafka.json'),
  data: () => stateDir('data', 'kafka'),
  kafkaLog: () => stateDir('logs', 'kafka.log'),
  supervisorLog: () => stateDir('logs', 'supervisor.log'),
};

/** The first line that a client sends; the connection is the lease, and ends with it. */
export type Request =
  | { ask: 'lease'; token: string; holder: string; linger: number }
  | { ask: 'status'; token: string }
  | { ask: 'stop'; token: string };

/** The one thing that a holder says later: that it leaves on purpose and wants to know when that has been processed. */
export interface Release {
  ask: 'release';
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
  | ({ say: 'failed' | 'lost' } & ErrorText);

interface ErrorText {
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

export function send(socket: Socket, message: Request | Release | Reply): void {
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
