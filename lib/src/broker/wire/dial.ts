import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Tls } from '../config/tls.js';

/** Why no conversation came about. `code` is the system's, OpenSSL's, or one of ours: SILENT, CLOSED. */
export class DialError extends Error {
  constructor(
    readonly stage: 'connect' | 'tls' | 'certificate' | 'talk',
    readonly code: string,
  ) {
    super(`${stage}: ${code}`);
  }
}

export interface Dialled {
  /** Sends one request; resolves with the answer, its size in front. @throws DialError, NoKafka */
  ask(message: Buffer): Promise<Buffer>;
  hangUp(): void;
}

/** What came back is no answer of Kafka's. */
export class NoKafka extends Error {
  constructor(readonly bytes: Buffer) {
    super('no answer of Kafka');
  }
}

const LARGEST = 1_000_000;

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

/** Waits for an event of a socket that may fail, close or stay silent instead. */
function happens(
  socket: Socket,
  event: string,
  stage: DialError['stage'],
  limit: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (code: string) => reject(new DialError(stage, code));
    const timer = setTimeout(() => fail('SILENT'), limit);
    const settle = (then: () => void) => () => {
      clearTimeout(timer);
      then();
    };
    socket.once(event, settle(resolve));
    socket.once('error', (error) => settle(() => fail(codeOf(error)))());
    socket.once(
      'close',
      settle(() => fail('CLOSED')),
    );
  });
}

function ask(socket: Socket, message: Buffer, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let heard = Buffer.alloc(0);
    const fail = (error: Error) => {
      clearTimeout(timer);
      socket.removeAllListeners('data');
      reject(error);
    };
    const stopped = (code: string) =>
      fail(heard.length > 0 ? new NoKafka(heard) : new DialError('talk', code));
    const timer = setTimeout(() => stopped('SILENT'), limit);
    socket.once('error', (error) => stopped(codeOf(error)));
    socket.once('close', () => stopped('CLOSED'));
    socket.on('data', (chunk) => {
      heard = Buffer.concat([heard, chunk]);
      const size = heard.length >= 4 ? heard.readInt32BE(0) : 0;
      if (size < 0 || size > LARGEST) return fail(new NoKafka(heard));
      if (heard.length < 4 || heard.length < 4 + size) return;
      clearTimeout(timer);
      socket.removeAllListeners('data');
      resolve(heard);
    });
    socket.write(message);
  });
}

function codeOf(error: NodeJS.ErrnoException): string {
  return error.code ?? error.message;
}
