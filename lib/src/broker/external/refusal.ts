import { LabError, messageOf } from '../../errors.js';
import { count } from '../../words.js';
import { addressSpelled, type Connection } from '../config/address.js';
import { sourceOf } from '../config/sources.js';
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
export function refusedBy(at: string, connection: Connection, error: unknown): LabError {
  const kinds = kindsOf(error);
  if (kinds.some((kind) => /AUTHORIZATION_FAILED/.test(kind))) {
    const { who, another } = caller(connection);
    return new LabError('BROKER_REFUSED', {
      what: `${who} may not create topics on Kafka at ${at}.`,
      why: `The notebooks create topics of their own, and Kafka answers ${kinds.join(', ')}.`,
      fix: `Ask for that permission, or set another ${another}.`,
    });
  }
  return new LabError('BROKER_REFUSED', {
    what: `Kafka at ${at} cannot do what the lab needs.`,
    why: withoutSecrets(kinds.join(', ') || messageOf(error), connection),
    fix: `Check ${addressSpelled()} and the settings of that Kafka.`,
  });
}

function caller({ ssl, sasl }: Connection): { who: string; another: string } {
  if (sasl?.mechanism === 'oauthbearer')
    return { who: `Who has the token of ${sasl.name}`, another: sasl.name };
  if (sasl) return { who: `The user ${sasl.username}`, another: sourceOf('KAFKA_SASL_USERNAME') };
  const certificate = sourceOf('KAFKA_SSL_CERT');
  if (typeof ssl === 'object' && ssl.cert)
    return { who: `Who has the certificate in ${certificate}`, another: certificate };
  return { who: 'Who has no password', another: sourceOf('KAFKA_SASL_USERNAME') };
}

/** Some brokers repeat what they were sent. */
function withoutSecrets(message: string, { sasl }: Connection): string {
  if (sasl?.mechanism === 'oauthbearer') return message.replace(/[\w.~+/-]{40,}=*/g, '***');
  return sasl ? message.replaceAll(sasl.password, '***') : message;
}

/** Kafka's names of what went wrong, of one error or of several. */
function kindsOf(error: unknown): string[] {
  const { type, cause, errors = [] } = error as { type?: string; cause?: object; errors?: [] };
  if (type) return [type];
  return [...errors, ...(cause ? [cause] : [])].flatMap(kindsOf);
}
