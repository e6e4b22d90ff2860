import type { Socket } from 'node:net';
import { withDeadline } from '../../waiting.js';

/** Why no conversation came about. `code` is the system's, OpenSSL's, or one of ours: SILENT, CLOSED. */
export class DialError extends Error {
  constructor(
    readonly stage: 'connect' | 'tls' | 'certificate' | 'talk',
    readonly code: string,
  ) {
    super(`${stage}: ${code}`);
  }
}

/** What came back is no answer of Kafka's. */
export class NoKafka extends Error {
  constructor(readonly bytes: Buffer) {
    super('no answer of Kafka');
  }
}

const LARGEST = 1_000_000;

/**
 * Sends one request; resolves with the whole answer, its size in front.
 * @param limit in ms
 * @throws DialError, NoKafka
 */
export function ask(socket: Socket, message: Buffer, limit: number): Promise<Buffer> {
  let received = Buffer.alloc(0);
  socket.write(message);
  return onSocket<Buffer>(socket, 'data', {
    limit,
    take: (chunk) => {
      received = Buffer.concat([received, chunk]);
      const size = received.length >= 4 ? received.readInt32BE(0) : 0;
      if (size < 0 || size > LARGEST) throw new NoKafka(received);
      return received.length >= 4 && received.length >= 4 + size ? received : undefined;
    },
    fail: (code) => (received.length > 0 ? new NoKafka(received) : new DialError('talk', code)),
  });
}

interface Listening<T> {
  /** In ms. */
  limit: number;
  /** Called at each event, until it returns a value or throws. */
  take: (data: Buffer) => T | undefined;
  /** The error where the socket fails, closes, or stays silent. */
  fail: (code: string) => Error;
}

/** Waits for what an event of a socket brings. Leaves no listener. */
export async function onSocket<T>(
  socket: Socket,
  event: string,
  { limit, take, fail }: Listening<T>,
): Promise<T> {
  let forget = () => {};
  const taken = new Promise<T>((resolve, reject) => {
    const onEvent = (data: Buffer) => {
      try {
        const value = take(data);
        if (value !== undefined) resolve(value);
      } catch (error) {
        reject(error);
      }
    };
    const onError = ({ code, message }: NodeJS.ErrnoException) => reject(fail(code ?? message));
    const onClose = () => reject(fail('CLOSED'));
    socket.on(event, onEvent).on('error', onError).on('close', onClose);
    forget = () => socket.off(event, onEvent).off('error', onError).off('close', onClose);
  });
  const late = () => {
    throw fail('SILENT');
  };
  return withDeadline(taken, { ms: limit, late }).finally(forget);
}
