import { argument } from '../../shell.js';
import type { Given, Properties } from './kafka-settings.js';

/** What a file of Kafka's settings says of TLS, in the names of our variables. */
export function storesOf(properties: Properties, tls: boolean): [string, Given][] {
  const { get, bad } = properties;
  const found = [...TRUST, ...OWN].map(([property]) => property).find((name) => get(name));
  if (!tls && found)
    throw bad(
      `It has ${found}, and its security.protocol asks for no TLS.`,
      'Set security.protocol=SSL there, or SASL_SSL where that Kafka asks for a password, too.',
    );
  const isOn: [string, Given] = [
    'KAFKA_SSL',
    { value: String(tls), property: 'security.protocol' },
  ];
  if (!tls) return [isOn];
  requirePem('truststore', properties);
  requirePem('keystore', properties);
  return [isOn, ...taken(TRUST, properties), ...taken(OWN, properties)];
}

/** The setting, our variable, and what it holds. */
type Row = readonly [property: string, variable: string, holds: 'path' | 'text'];

const TRUST: readonly Row[] = [
  ['ssl.truststore.location', 'KAFKA_SSL_CA', 'path'],
  ['ssl.truststore.certificates', 'KAFKA_SSL_CA', 'text'],
  ['ssl.ca.location', 'KAFKA_SSL_CA', 'path'],
];

const OWN: readonly Row[] = [
  ['ssl.keystore.location', 'KAFKA_SSL_CERT', 'path'],
  ['ssl.keystore.location', 'KAFKA_SSL_KEY', 'path'],
  ['ssl.keystore.certificate.chain', 'KAFKA_SSL_CERT', 'text'],
  ['ssl.keystore.key', 'KAFKA_SSL_KEY', 'text'],
  ['ssl.certificate.location', 'KAFKA_SSL_CERT', 'path'],
  ['ssl.key.location', 'KAFKA_SSL_KEY', 'path'],
  ['ssl.key.password', 'KAFKA_SSL_KEY_PASSWORD', 'text'],
];

function taken(rows: readonly Row[], { get, path }: Properties): [string, Given][] {
  return rows.flatMap(([property, variable, holds]): [string, Given][] => {
    const value = get(property);
    if (!value) return [];
    return [[variable, { value: holds === 'path' ? path(value) : value, property }]];
  });
}

/** Node reads PEM alone. @throws with the command that converts a store of Java's */
function requirePem(store: 'truststore' | 'keystore', { get, path, bad }: Properties): void {
  const location = get(`ssl.${store}.location`);
  const named = get(`ssl.${store}.type`)?.toUpperCase();
  if (!location || named === 'PEM') return;
  const type = named ?? 'JKS'; // what Kafka's clients take where none is named
  const pem = store === 'truststore' ? 'ca.pem' : 'client.pem';
  const settings = `ssl.${store}.type=PEM and ssl.${store}.location=${pem}`;
  const more =
    store === 'keystore' ? ', and ssl.key.password to the password that you give the key' : '';
  throw bad(
    `Its ssl.${store}.location is a store of type ${type}${named ? '' : ', as ssl.' + store + '.type is not set'}; the lab reads PEM.`,
    `Convert it: ${conversion(store, type, argument(path(location)))}; then set ${settings} there${more}.`,
  );
}

function conversion(store: 'truststore' | 'keystore', type: string, file: string): string {
  if (store === 'truststore')
    return type === 'PKCS12'
      ? `openssl pkcs12 -in ${file} -nokeys -out ca.pem`
      : `keytool -list -rfc -keystore ${file} > ca.pem`;
  if (type === 'PKCS12') return `openssl pkcs12 -in ${file} -out client.pem`;
  return (
    `keytool -importkeystore -srckeystore ${file} -destkeystore client.p12 -deststoretype PKCS12 ` +
    '&& openssl pkcs12 -in client.p12 -out client.pem'
  );
}
