import type { Connection } from '../config/address.js';

/** How Kafka's own clients, its tools among them, are told how to reach a broker: their settings, password included. */
export function clientProperties({ ssl, sasl }: Connection): Record<string, string> {
  const security = sasl ? (ssl ? 'SASL_SSL' : 'SASL_PLAINTEXT') : ssl ? 'SSL' : 'PLAINTEXT';
  return {
    'security.protocol': security,
    ...(typeof ssl === 'object' && {
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.certificates': ssl.ca.join('\n'),
    }),
    ...(sasl && {
      'sasl.mechanism': sasl.mechanism.toUpperCase(),
      'sasl.jaas.config': loginOf(sasl),
    }),
  };
}

const PACKAGE = 'org.apache.kafka.common.security';

function loginOf({ mechanism, username, password }: NonNullable<Connection['sasl']>): string {
  const module = mechanism === 'plain' ? 'plain.PlainLoginModule' : 'scram.ScramLoginModule';
  return `${PACKAGE}.${module} required username=${quoted(username)} password=${quoted(password)};`;
}

/** As JAAS quotes. */
const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
