import { LabError, messageOf } from '../errors.js';
import { addressVariable, type Connection } from './address.js';
import { environment, spelled } from './environment.js';
import type { Fault, Listener } from './probe.js';
import type { Tls } from './tls.js';
import type { Misfit } from './versions.js';

/** `KAFKA_BOOTSTRAP_SERVERS`, or its other name if that is the one that is set. */
const address = () => spelled(addressVariable(environment()));
const OWN = 'or remove it to use the Kafka of the lab.';

/** Nothing at an address can be used. */
export function noAnswer(brokers: readonly string[], fault: Fault, ssl: Tls | undefined): LabError {
  const at = brokers.join(',');
  const text = {
    what: `No Kafka answers at ${at}${ssl ? ' (with TLS)' : ''}.`,
    ...faultText(fault, at, ssl),
  };
  return new LabError('BROKER_UNREACHABLE', text);
}

interface Text {
  what?: string;
  why: string;
  fix: string;
}

function faultText({ kind, detail }: Fault, at: string, ssl: Tls | undefined): Text {
  switch (kind) {
    case 'unknown-host':
      return {
        why: `The network knows no host of that name (${detail}).`,
        fix: `Check ${address()} and whether a VPN is needed, ${OWN}`,
      };
    case 'refused':
      return {
        why: `Nothing accepts a connection there (${detail}).`,
        fix: `Check ${address()} and that Kafka runs, ${OWN}`,
      };
    case 'silent':
      return {
        why: 'No answer came in time: something in between, such as a firewall, may drop what is sent.',
        fix: `Check ${address()} and whether a VPN is needed, ${OWN}`,
      };
    case 'not-kafka':
      return {
        why: `Something accepts connections there and does not answer as Kafka does (${detail}).`,
        fix: `Check the port in ${address()}.`,
      };
    case 'versions':
      return {
        what: `Kafka at ${at} does not fit the lab's client.`,
        why: 'It does not answer the request by which versions are agreed on.',
        fix: `Name a Kafka from 2.4 on in ${address()}.`,
      };
    default:
      return tlsText({ kind, detail }, at, ssl);
  }
}

function tlsText({ kind, detail }: Fault, at: string, ssl: Tls | undefined): Text {
  const variable = spelled(typeof ssl === 'object' ? 'KAFKA_SSL_CA' : 'KAFKA_SSL');
  if (kind === 'needs-tls')
    return {
      what: `Kafka at ${at} takes connections with TLS only.`,
      why: 'Neither KAFKA_SSL nor KAFKA_SSL_CA is set.',
      fix: "Set KAFKA_SSL=true; if the cluster has an authority of its own, set KAFKA_SSL_CA to that authority's certificate.",
    };
  if (kind === 'has-no-tls')
    return {
      what: `Kafka at ${at} takes no TLS on this port.`,
      why: `${variable} asks for TLS.`,
      fix: `Remove ${variable}, or name the port for TLS in ${address()}.`,
    };
  if (kind === 'needs-client-certificate')
    return {
      what: `Kafka at ${at} asks for a certificate of the client.`,
      why: 'The lab has none: it can log in with a password.',
      fix: `Name a listener with SASL in ${address()}.`,
    };
  return { what: `The certificate of Kafka at ${at} is not trusted.`, ...certificateText(detail) };
}

function certificateText(code: string): Text {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return {
      why: `It is for another host (${code}).`,
      fix: `Use the name that is in the certificate in ${address()}.`,
    };
  if (/EXPIRED|NOT_YET_VALID/.test(code))
    return {
      why: `It is out of its time (${code}).`,
      fix: 'Renew it, or set the clock of this machine.',
    };
  return {
    why: `No authority that the lab knows has signed it (${code}).`,
    fix: `Set ${spelled('KAFKA_SSL_CA')} to the certificate of the authority that has, a PEM file.`,
  };
}

/** A broker of another age than kafkajs. */
export function doesNotFit(at: string, { age, request, broker, client }: Misfit): LabError {
  return new LabError('BROKER_REFUSED', {
    what: `Kafka at ${at} is too ${age} for the lab's client, kafkajs 2.2.4.`,
    why: `Of the request ${request} the broker speaks ${broker === 'none' ? 'no version' : `versions ${broker}`}, the lab needs ${client}.`,
    fix:
      age === 'old'
        ? `Name a Kafka from 2.4 on in ${address()}.`
        : `Name an older Kafka in ${address()}, or remove it to use the Kafka of the lab.`,
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
  if (!sasl && mechanisms.length > 0)
    return new LabError('BROKER_REFUSED', {
      what: `Kafka at ${at} asks for a user and a password.`,
      why: 'KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD are not set.',
      fix: `Set both, and KAFKA_SASL_MECHANISM to what the broker takes: ${offered}.`,
    });
  if (sasl && mechanisms.length === 0)
    return new LabError('BROKER_REFUSED', {
      what: `Kafka at ${at} takes no password on this port.`,
      why: `${spelled('KAFKA_SASL_USERNAME')} and KAFKA_SASL_PASSWORD are set.`,
      fix: `Remove the KAFKA_SASL_ variables, or name the port for SASL in ${address()}.`,
    });
  if (!sasl || mechanisms.includes(sasl.mechanism.toUpperCase())) return undefined;
  return new LabError('BROKER_REFUSED', {
    what: `Kafka at ${at} does not take passwords by ${sasl.mechanism}.`,
    why: `It takes: ${offered}.`,
    fix: `Set ${spelled('KAFKA_SASL_MECHANISM')} to one of those.`,
  });
}

/** Logging in failed. */
export function loginRefused(at: string, connection: Connection, error: unknown): LabError {
  const { sasl } = connection;
  const { name } = error as Error;
  // SCRAM tells that the password is wrong by closing without the final message, in some versions.
  if (!sasl || !/SASL/.test(`${name} ${messageOf(error)}`)) return refusedBy(at, connection, error);
  return new LabError('BROKER_REFUSED', {
    what: `Kafka at ${at} does not let the user ${sasl.username} in.`,
    why: `The name or the password is wrong, or was made for another mechanism than ${sasl.mechanism}.`,
    fix: `Check ${spelled('KAFKA_SASL_USERNAME')} and ${spelled('KAFKA_SASL_PASSWORD')}.`,
  });
}

/** The brokers give addresses that lead nowhere from here. */
export function advertisedInVain(at: string, lost: readonly string[]): LabError {
  return new LabError('BROKER_UNREACHABLE', {
    what: `Kafka answers at ${at}, but sends its clients on to ${lost.join(', ')}, which cannot be reached from here.`,
    why: "Brokers tell their clients where to connect: by Kafka's setting advertised.listeners.",
    fix: `Have advertised.listeners name addresses that this machine reaches, or name another listener in ${address()}.`,
  });
}

/** Kafka was reached and did not do what it was asked for. */
export function refusedBy(at: string, { sasl }: Connection, error: unknown): LabError {
  const kinds = kindsOf(error);
  if (kinds.some((kind) => /AUTHORIZATION_FAILED/.test(kind)))
    return new LabError('BROKER_REFUSED', {
      what: `${sasl ? `The user ${sasl.username}` : 'Who has no password'} may not create topics on Kafka at ${at}.`,
      why: `The notebooks make topics of their own, and Kafka answers ${kinds.join(', ')}.`,
      fix: `Have that right given, or set another ${spelled('KAFKA_SASL_USERNAME')}.`,
    });
  // Some brokers repeat what they were sent.
  const message = kinds.join(', ') || messageOf(error);
  return new LabError('BROKER_REFUSED', {
    what: `Kafka at ${at} does not do what the lab needs.`,
    why: sasl ? message.replaceAll(sasl.password, '***') : message,
    fix: `Check ${address()} and the settings of that Kafka.`,
  });
}

/** Kafka's names of what went wrong, of one error or of several. */
function kindsOf(error: unknown): string[] {
  const { type, cause, errors = [] } = error as { type?: string; cause?: object; errors?: [] };
  if (type) return [type];
  return [...errors, ...(cause ? [cause] : [])].flatMap(kindsOf);
}
