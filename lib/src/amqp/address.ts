import { connect } from 'amqplib';
import { environment } from '../broker/config/environment.js';
import { LabError, messageOf } from '../errors.js';

/**
 * The queue that AMQP_URL names, such as amqp://user:password@localhost:5672; undefined if it is not set.
 * @throws LabError BAD_INPUT
 */
export function urlFromEnvironment(): string | undefined {
  const value = environment()['AMQP_URL']?.trim();
  if (!value) return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.hostname && ['amqp:', 'amqps:'].includes(url.protocol)) return value;
  throw new LabError('BAD_INPUT', {
    what: 'AMQP_URL is not the address of a queue.',
    why: 'It has to begin with amqp:// or amqps:// and name a host. (It is not shown: it may hold a password.)',
    fix: 'Set it to something like amqp://user:password@localhost:5672, or unset it: then the lab starts a queue.',
  });
}

/** An address without user and password. */
export function withoutPassword(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/** @throws LabError QUEUE_UNREACHABLE if no queue answers there, or not to this password */
export async function verifyReachable(url: string, limit = 5000): Promise<void> {
  try {
    const connection = await connect(url, { timeout: limit });
    await connection.close();
  } catch (cause) {
    throw new LabError('QUEUE_UNREACHABLE', {
      what: `No queue can be used at ${withoutPassword(url)}.`,
      why: messageOf(cause),
      fix: 'Start it, correct AMQP_URL, or unset AMQP_URL: then the lab starts a queue.',
    });
  }
}
