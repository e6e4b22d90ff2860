import { LabError, messageOf } from '../../errors.js';
import { addressSpelled, type Connection } from '../config/address.js';
import type { Sasl } from '../config/login.js';
import { clientFilePath, sourceOf } from '../config/sources.js';
import type { Listener } from './probe.js';
import { refusedBy } from './refusal.js';

/** The listener asks for a login where none is set, or the reverse, or by another mechanism. */
export function loginMismatch(
  at: string,
  { sasl }: Connection,
  { mechanisms }: Listener,
): LabError | undefined {
  if (!mechanisms) return undefined;
  const offered = mechanisms.map((name) => name.toLowerCase()).join(', ');
  if (!sasl && mechanisms.length > 0) return noLogin(at, offered);
  if (sasl && mechanisms.length === 0) return uselessLogin(at, sasl);
  if (!sasl || mechanisms.includes(sasl.mechanism.toUpperCase())) return undefined;
  return new LabError('BROKER_REFUSED', {
    what: `Kafka at ${at} does not accept ${secretOf(sasl)} by ${sasl.mechanism}.`,
    why: `It accepts: ${offered}.`,
    fix: `Set ${sourceOf('KAFKA_SASL_MECHANISM')} to one of those.`,
  });
}

const secretOf = ({ mechanism }: Sasl): string =>
  mechanism === 'oauthbearer' ? 'tokens' : 'passwords';

function noLogin(at: string, offered: string): LabError {
  const file = clientFilePath();
  const isByToken = offered === 'oauthbearer';
  const inFile = `Set security.protocol to SASL_SSL or SASL_PLAINTEXT in ${file}, sasl.mechanism to what the broker accepts, ${offered}, and `;
  const token = 'KAFKA_SASL_TOKEN_FILE or KAFKA_SASL_TOKEN_COMMAND';
  if (isByToken)
    return new LabError('BROKER_REFUSED', {
      what: `Kafka at ${at} asks for a token (OAUTHBEARER).`,
      why: 'None is set.',
      fix: file ? `${inFile}${token}.` : `Set ${token}.`,
    });
  return new LabError('BROKER_REFUSED', {
    what: `Kafka at ${at} asks for a user name and a password.`,
    why: 'KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD are not set.',
    fix: file
      ? `${inFile}sasl.jaas.config.`
      : `Set both, and KAFKA_SASL_MECHANISM to what the broker accepts: ${offered}.`,
  });
}

function uselessLogin(at: string, sasl: Sasl): LabError {
  const names =
    sasl.mechanism === 'oauthbearer'
      ? [sasl.name]
      : ['KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'].map(sourceOf);
  const set = [...new Set(names)];
  return new LabError('BROKER_REFUSED', {
    what: `Kafka at ${at} does not accept ${secretOf(sasl)} on this port.`,
    why: `${set.join(' and ')} ${set.length > 1 ? 'are' : 'is'} set.`,
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
  if (sasl.mechanism === 'oauthbearer')
    return new LabError('BROKER_REFUSED', {
      what: `Kafka at ${at} rejects the token of ${sasl.name}.`,
      why: 'It is not signed by whom that Kafka trusts, was issued for something else, or has expired.',
      fix: `Check ${sasl.name}.`,
    });
  const set = [...new Set(['KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'].map(sourceOf))];
  return new LabError('BROKER_REFUSED', {
    what: `Kafka at ${at} rejects the user ${sasl.username}.`,
    why: `The name or the password is wrong, or was set up for a mechanism other than ${sasl.mechanism}.`,
    fix: `Check ${set.join(' and ')}.`,
  });
}
