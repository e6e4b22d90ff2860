import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { LabError } from '../../errors.js';

// Below the range from which systems take the ports of outgoing connections: a poll of a port where nobody listens
// yet could otherwise be given that very port, meet itself, and keep Kafka from binding it.
const FIRST = 20_000;
const LAST = 32_000;

/** A port on 127.0.0.1 where nobody listens: the preferred one if it is free. */
export async function freePort(preferred?: number, avoid: readonly number[] = []): Promise<number> {
  if (preferred && !avoid.includes(preferred) && (await isFree(preferred))) return preferred;
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = randomInt(FIRST, LAST);
    if (!avoid.includes(port) && (await isFree(port))) return port;
  }
  throw new LabError('BROKER_FAILED', {
    what: 'No free port was found for Kafka.',
    why: `A hundred ports between ${FIRST} and ${LAST} on 127.0.0.1 could not be bound.`,
  });
}

const ANSWER_MS = 1000;

/** Whether a process listens on a port of this machine, at `127.0.0.1` by default. */
export function isOpen(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    const done = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.setTimeout(ANSWER_MS, () => done(false));
    socket.once('error', () => done(false));
    socket.once('connect', () => done(true));
  });
}

/** Whether a port is free at both addresses that `localhost` may mean: a client tries ::1 first. */
export async function isUnused(port: number): Promise<boolean> {
  const open = await Promise.all([isOpen(port), isOpen(port, '::1')]);
  return !open.includes(true) && (await isFree(port));
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}
