import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Tls } from '../config/tls.js';
import { ask, DialError, onSocket } from './ask.js';

export interface Dialled {
  /** Sends one request; resolves with the answer, its size in front. @throws DialError, NoKafka */
  ask(message: Buffer): Promise<Buffer>;
  hangUp(): void;
}

/**
 * Opens a connection, with TLS if asked. Nothing secret is ever sent on it.
 * @param limit for each step, in ms
 * @param trusting takes any certificate
 * @throws DialError
 */
export async function dial(
  address: string,
  ssl: Tls | undefined,
  limit: number,
  trusting = false,
): Promise<Dialled> {
  const port = Number(address.slice(address.lastIndexOf(':') + 1));
  const host = address.slice(0, address.lastIndexOf(':')).replace(/^\[|\]$/g, '');
  const plain = connectPlain({ host, port });
  plain.on('error', () => {}); // each step listens for itself
  try {
    await happens(plain, 'connect', 'connect', limit);
    const socket = ssl ? await secured(plain, host, ssl, { limit, trusting }) : plain;
    return { ask: (message) => ask(socket, message, limit), hangUp: () => plain.destroy() };
  } catch (error) {
    plain.destroy();
    throw error;
  }
}

async function secured(
  plain: Socket,
  host: string,
  ssl: Tls,
  { limit, trusting }: { limit: number; trusting: boolean },
): Promise<TLSSocket> {
  const socket = connectTls({
    socket: plain,
    host, // the name that the certificate has to have
    ...(isIP(host) ? {} : { servername: host }),
    ...(typeof ssl === 'object' && ssl),
    rejectUnauthorized: false, // looked at below, where it can be told from other failures
  });
  socket.on('error', () => {});
  await happens(socket, 'secureConnect', 'tls', limit);
  if (socket.authorized || trusting) return socket;
  throw new DialError('certificate', String(socket.authorizationError));
}

function happens(
  socket: Socket,
  event: string,
  stage: DialError['stage'],
  limit: number,
): Promise<true> {
  const fail = (code: string) => new DialError(stage, code);
  return onSocket(socket, event, { limit, take: () => true, fail });
}
