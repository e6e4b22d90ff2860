import type { Connection } from '../config/address.js';
import type { PasswordSasl } from '../config/login.js';
import type { TlsSettings } from '../config/tls.js';

/** How Kafka's own clients, its tools among them, are told how to reach a broker: their settings, password included. */
export function clientProperties({ ssl, sasl }: Connection): Record<string, string> {
  const security = sasl ? (ssl ? 'SASL_SSL' : 'SASL_PLAINTEXT') : ssl ? 'SSL' : 'PLAINTEXT';
  return {
    'security.protocol': security,
    ...(typeof ssl === 'object' && stores(ssl)),
    ...(sasl && {
      'sasl.mechanism': sasl.mechanism.toUpperCase(),
      ...(sasl.mechanism === 'oauthbearer' ? byToken : { 'sasl.jaas.config': loginOf(sasl) }),
    }),
  };
}

/** Where the tool finds its token: a file that is open for it, and has no name. */
export const TOKEN_FD = 4;
export const TOKEN_URL = `file:///dev/fd/${TOKEN_FD}`;

/** Kafka takes a key only as Identity has it: in PKCS #8. */
function stores({ ca, cert, key }: TlsSettings): Record<string, string> {
  return {
    ...(ca && { 'ssl.truststore.type': 'PEM', 'ssl.truststore.certificates': ca.join('\n') }),
    ...(cert &&
      key && {
        'ssl.keystore.type': 'PEM',
        'ssl.keystore.certificate.chain': cert,
        'ssl.keystore.key': key,
      }),
  };
}

const PACKAGE = 'org.apache.kafka.common.security';

const byToken = {
  'sasl.jaas.config': `${PACKAGE}.oauthbearer.OAuthBearerLoginModule required;`,
  'sasl.login.callback.handler.class': `${PACKAGE}.oauthbearer.OAuthBearerLoginCallbackHandler`,
  'sasl.oauthbearer.token.endpoint.url': TOKEN_URL,
};

function loginOf({ mechanism, username, password }: PasswordSasl): string {
  const module = mechanism === 'plain' ? 'plain.PlainLoginModule' : 'scram.ScramLoginModule';
  return `${PACKAGE}.${module} required username=${quoted(username)} password=${quoted(password)};`;
}

/** As JAAS quotes: a text ends with its line. */
const quoted = (text: string): string =>
  `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}"`;
