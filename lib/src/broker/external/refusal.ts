import { LabError, messageOf } from '../../errors.js';
import { count } from '../../words.js';
import { addressSpelled, type Connection } from '../config/address.js';
import { clientFilePath, sourceOf } from '../config/sources.js';
import type { Listener } from './probe.js';
import type { Misfit } from './versions.js';

/** A broker of another age than kafkajs. */
export function doesNotFit(at: string, { age, request, broker, client }: Misfit): LabError {
  return new LabError('BROKER_REFUSED', {
    what: `Kafka at ${at} is too ${age} for the lab's client, kafkajs 2.2.4.`,
    why: `The broker supports ${broker === 'none' ? 'no version' : `versions ${broker}`} of the request ${request}; the lab needs ${client}.`,
    fix:
      age === 'old'
        ? `Name a Kafka from 2.4 on in ${addressSpelled()}.`
        : `Name an older Kafka in ${addressSpelled()}, or remove it to use the Kafka of the lab.`,
  });
}

/** The listener asks for a password where none is set, or the reverse, or by another mechanism. */
export function passwordMismatch(
  at: string,
  { sasl }: Connection,
  { mechanisms }: Listener,
): LabError | undefined {
  if (!mechanisms) return undefined;
  const offered = mechanisms.map((name) => name.toLowerCase()).join(', ');
  if (!sasl && mechanisms.length > 0) return noPassword(at, offered);
  if (sasl && mechanisms.length === 0) return uselessPassword(at);
  if (!sasl || mechanisms.includes(sasl.mechanism.toUpperCase())) return undefined;
  return new LabError('BROKER_REFUSED', {
    what: `Kafka at ${at} does not accept passwords by ${sasl.mechanism}.`,
    why: `It accepts: ${offered}.`,
    fix: `Set ${sourceOf('KAFKA_SASL_MECHANISM')} to one of those.`,
  });
}

function noPassword(at: string, offered: string): LabError {
  const file = clientFilePath();
  return new LabError('BROKER_REFUSED', {
    what: `Kafka at ${at} asks for a user name and a password.`,
    why: 'KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD are not set.',
    fix: file
      ? `Set security.protocol to SASL_SSL or SASL_PLAINTEXT in ${file}, sasl.jaas.config, and sasl.mechanism to what the broker accepts: ${offered}.`
      : `Set both, and KAFKA_SASL_MECHANISM to what the broker accepts: ${offered}.`,
  });
}

function uselessPassword(at: string): LabError {
  const [name, password] = ['KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'].map(sourceOf);
  return new LabError('BROKER_REFUSED', {
    what: `Kafka at ${at} does not accept passwords on this port.`,
    why: name === password ? `${name} is set.` : `${name} and ${password} are set.`,
    fix: clientFilePath()
      ? `Set security.protocol to SSL or PLAINTEXT, or name the port for SASL in ${addressSpelled()}.`
      : `Remove the KAFKA_SASL_ variables, or name the port for SASL in ${addressSpelled()}.`,
  });
}

/** Logging in failed. */
export function loginRefused(at: string, connection: Connection, error: unknown): LabError {
  const { sasl } = connection;
  const { name } = error as Error;
  // SCRAM tells that the password is wrong by closing without the final message, in some versions.
  if (!sasl || !/SASL/.test(`${name} ${messageOf(error)}`)) return refusedBy(at, connection, error);
  return new LabError('BROKER_REFUSED', {
    what: `Kafka at ${at} rejects the user ${sasl.username}.`,
    why: `The name or the password is wrong, or was set up for a mechanism other than ${sasl.mechanism}.`,
    fix: `Check ${[...new Set(['KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'].map(sourceOf))].join(' and ')}.`,
  });
}

/** The brokers give addresses that lead nowhere from here. */
export function advertisedInVain(at: string, lost: readonly string[]): LabError {
  return new LabError('BROKER_UNREACHABLE', {
    what: `Kafka answers at ${at}, but redirects its clients to ${lost.join(', ')}, which cannot be reached from here.`,
    why: "A broker says where its clients are to connect: Kafka's setting advertised.listeners.",
    fix: `Set advertised.listeners to addresses that this machine can reach, or name another listener in ${addressSpelled()}.`,
  });
}

/** What a notebook shows takes more brokers than there are. */
export function tooFew(at: string, found: number, wanted: number): LabError {
  return new LabError('BROKER_REFUSED', {
    what: `Kafka at ${at} has ${count(found, 'broker')}, and this notebook needs ${wanted}.`,
    why: 'It is about copies of records, and each copy is on a broker of its own.',
    fix:
      `Remove ${addressSpelled()}, and the lab starts ${wanted} of its own; or name a cluster there: ` +
      'docker compose --profile cluster up -d --wait broker-1 broker-2 broker-3 starts one at localhost:19092.',
  });
}

/** Kafka was reached and did not do what it was asked for. */
export function refusedBy(at: string, { sasl }: Connection, error: unknown): LabError {
  const kinds = kindsOf(error);
  if (kinds.some((kind) => /AUTHORIZATION_FAILED/.test(kind)))
    return new LabError('BROKER_REFUSED', {
      what: `${sasl ? `The user ${sasl.username}` : 'Who has no password'} may not create topics on Kafka at ${at}.`,
      why: `The notebooks create topics of their own, and Kafka answers ${kinds.join(', ')}.`,
      fix: `Ask for that permission, or set another ${sourceOf('KAFKA_SASL_USERNAME')}.`,
    });
  // Some brokers repeat what they were sent.
  const message = kinds.join(', ') || messageOf(error);
  return new LabError('BROKER_REFUSED', {
    what: `Kafka at ${at} cannot do what the lab needs.`,
    why: sasl ? message.replaceAll(sasl.password, '***') : message,
    fix: `Check ${addressSpelled()} and the settings of that Kafka.`,
  });
}

/** Kafka's names of what went wrong, of one error or of several. */
function kindsOf(error: unknown): string[] {
  const { type, cause, errors = [] } = error as { type?: string; cause?: object; errors?: [] };
  if (type) return [type];
  return [...errors, ...(cause ? [cause] : [])].flatMap(kindsOf);
}
