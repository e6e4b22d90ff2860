import { readFileSync } from 'node:fs';
import { KernelError } from '../explained.js';

/** The connection file: where to listen, and the key that signs. The server writes it. */
export interface ConnectionFile {
  transport: string;
  ip: string;
  shell_port: number;
  control_port: number;
  stdin_port: number;
  iopub_port: number;
  hb_port: number;
  key: string;
  signature_scheme: string;
}

const PORTS = ['shell_port', 'control_port', 'stdin_port', 'iopub_port', 'hb_port'] as const;

/** @throws KernelError NO_CONNECTION_FILE */
export function readConnectionFile(path: string | undefined): ConnectionFile {
  const refuse = (why: string, cause?: unknown) =>
    new KernelError('NO_CONNECTION_FILE', {
      what: 'The kernel cannot start.',
      why,
      fix: 'Jupyter starts it with the path of a connection file: jupyter lab',
      cause,
    });
  if (!path) throw refuse('No connection file was given.');
  let file: Partial<ConnectionFile>;
  try {
    file = JSON.parse(readFileSync(path, 'utf8')) as Partial<ConnectionFile>;
  } catch (cause) {
    throw refuse(`The connection file ${path} cannot be read.`, cause);
  }
  const missing = [...PORTS.filter((port) => !file[port]), ...(file.ip ? [] : ['ip'])];
  if (missing.length > 0) throw refuse(`The connection file lacks ${missing.join(', ')}.`);
  return {
    ...(file as ConnectionFile),
    transport: file.transport ?? 'tcp',
    key: file.key ?? '',
    signature_scheme: file.signature_scheme ?? 'hmac-sha256',
  };
}

/** The endpoint of one port, on the address of the file and no other. */
export function endpoint({ transport, ip }: ConnectionFile, port: number): string {
  if (transport === 'ipc') return `ipc://${ip}-${port}`;
  return `${transport}://${ip.includes(':') ? `[${ip}]` : ip}:${port}`;
}
