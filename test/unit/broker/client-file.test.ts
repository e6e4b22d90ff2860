import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import {
  addressSpelled,
  connectionFromEnvironment,
} from '../../../lib/src/broker/config/address.ts';
import { parseJaas } from '../../../lib/src/broker/config/jaas.ts';
import { Login } from '../../../lib/src/broker/config/login.ts';
import { settings, sourceOf } from '../../../lib/src/broker/config/sources.ts';
import { propertiesText } from '../../../lib/src/broker/embedded/settings.ts';
import { clientProperties } from '../../../lib/src/broker/tools/client-properties.ts';
import type { LabError } from '../../../lib/src/errors.ts';

const SECRET = 'correct-horse';
const folder = mkdtempSync(join(tmpdir(), 'kafka-lab-file-'));
const path = join(folder, 'client.properties');
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

/** What the lab makes of a file, with variables besides. */
function read(content: string | Buffer, env: Record<string, string> = {}) {
  writeFileSync(path, content);
  return connectionFromEnvironment({ KAFKA_CLIENT_PROPERTIES: path, ...env });
}

/** The message with which it is refused, which holds no secret anywhere. */
function refusal(content: string | Buffer, env: Record<string, string> = {}): string {
  try {
    read(content, env);
  } catch (thrown) {
    const error = thrown as LabError;
    expect(error).toMatchObject({ name: 'LabError', code: 'BAD_INPUT' });
    expect(error.fix).not.toBe('');
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain(SECRET);
    return error.message;
  }
  return expect.unreachable('it was taken');
}

const CONFLUENT = `# Required connection configs for Kafka producer, consumer, and admin
bootstrap.servers=pkc-1.eu-west-1.aws.confluent.cloud:9092
security.protocol=SASL_SSL
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username='KEY' password='${SECRET}';
sasl.mechanism=PLAIN
client.dns.lookup=use_all_dns_ips
session.timeout.ms=45000
acks=all
basic.auth.user.info=SR:${SECRET}
`;

const MSK = `bootstrap.servers = b-1.msk:9096,b-2.msk:9096
security.protocol: SASL_SSL
sasl.mechanism SCRAM-SHA-512
sasl.jaas.config = org.apache.kafka.common.security.scram.ScramLoginModule required \\
   username="ann" \\
   password="${SECRET}\\u0021";
`;

const LIBRDKAFKA = `bootstrap.servers=SASL_SSL://a:9092
security.protocol=SASL_SSL
sasl.mechanisms=SCRAM-SHA-256
sasl.username=ann
sasl.password=${SECRET}
`;

test.each([
  ['Confluent', CONFLUENT, 'pkc-1.eu-west-1.aws.confluent.cloud:9092', 'plain', 'KEY', SECRET],
  ['Amazon MSK', MSK, 'b-1.msk:9096,b-2.msk:9096', 'scram-sha-512', 'ann', `${SECRET}!`],
  ['librdkafka', LIBRDKAFKA, 'a:9092', 'scram-sha-256', 'ann', SECRET],
])('a file as %s hands it out', (_, content, at, mechanism, username, password) => {
  const connection = read(content);
  expect(connection).toMatchObject({ brokers: at.split(','), ssl: true });
  expect(connection?.sasl).toMatchObject({ mechanism, username, password });
  expect(inspect(connection, { depth: null, showHidden: true })).not.toContain(SECRET);
});

test('whatever the name and the password, and however they are escaped, they come out whole', () => {
  const text = fc.string({ unit: 'binary', minLength: 1 }).filter((one) => one.trim() !== '');
  fc.assert(
    fc.property(text, text, (name, password) => {
      fc.pre(![name, password].some((one) => /^\s*(\{\{.*\}\}|<.*>)\s*$/.test(one)));
      const sasl = new Login('scram-sha-256', name, password);
      const file = { 'bootstrap.servers': 'a:1', ...clientProperties({ brokers: [], sasl }) };
      expect(read(propertiesText(file))?.sasl).toMatchObject({ username: name, password });
    }),
    { numRuns: 50 },
  );
});

test('a login in JAAS: quotes of both kinds, escapes, comments and words', () => {
  const options = (text: string) =>
    Object.fromEntries(parseJaas(`a.b.SomeModule required ${text}`)?.options ?? []);
  expect(parseJaas('a.b.SomeModule required;')?.module).toBe('SomeModule');
  expect(options(`a="b\\"c" d='e"f' g=h.i-j_1;`)).toEqual({ a: 'b"c', d: 'e"f', g: 'h.i-j_1' });
  expect(options(`/* x=y */ a = "b\\tc\\101\\d" // ;\n ;`)).toEqual({ a: 'b\tcAd' });
  for (const text of ['', 'A', 'A required', 'A required a;', 'A required a=b', 'A required =a b;'])
    expect(parseJaas(text)).toBeUndefined();
  expect(parseJaas('A required a="b;')).toBeUndefined();
  expect(parseJaas('A required; B required;')).toBeUndefined();
});

test('a variable wins over what the file says of the same, and messages name what says it', () => {
  const env = { KAFKA_SASL_PASSWORD: 'other', KAFKA_BROKERS: 'b:1', KAFKA_SASL_USERNAME: ' ' };
  const both = read(CONFLUENT, env);
  expect(both?.brokers).toEqual(['b:1']);
  expect(both?.sasl).toMatchObject({ mechanism: 'plain', username: 'KEY', password: 'other' });
  vi.stubEnv('KAFKA_CLIENT_PROPERTIES', path);
  expect(addressSpelled()).toBe(`bootstrap.servers (in ${path})`);
  expect(sourceOf('KAFKA_SASL_PASSWORD')).toBe(`sasl.jaas.config (in ${path})`);
  vi.stubEnv('KAFKA_BROKERS', 'b:1');
  vi.stubEnv('KAFKA_SASL_PASSWORD', 'other');
  expect(addressSpelled()).toBe('KAFKA_BROKERS');
  expect(sourceOf('KAFKA_SASL_PASSWORD')).toBe('KAFKA_SASL_PASSWORD');
  expect(sourceOf('KAFKA_SASL_USERNAME')).toBe(`sasl.jaas.config (in ${path})`);
  vi.stubEnv('KAFKA_CLIENT_PROPERTIES', join(folder, 'none'));
  expect(sourceOf('KAFKA_SASL_USERNAME')).toBe('KAFKA_SASL_USERNAME');
});

test('settings by which the lab does not go are told', () => {
  const env = { KAFKA_CLIENT_PROPERTIES: path };
  read(`${CONFLUENT}ssl.endpoint.identification.algorithm=\n`);
  const others = ['acks', 'basic.auth.user.info', 'client.dns.lookup', 'session.timeout.ms'];
  const unused = [...others, 'ssl.endpoint.identification.algorithm'];
  expect(settings(env).unused).toEqual(unused);
});

const HEAD = 'bootstrap.servers=a:9092\n';
const JAAS = `sasl.jaas.config=x.PlainLoginModule required username="ann" password="${SECRET}";\n`;
const SASL = `${HEAD}security.protocol=SASL_SSL\n`;
const TLS = `${HEAD}security.protocol=SSL\n`;
test.each<[string, string | Buffer, RegExp]>([
  ['text in UTF-16', Buffer.from(HEAD, 'utf16le'), /not in the format of Java properties/],
  ['a broken escape', `a=${SECRET}\\u00g0`, /not in the format of Java properties/],
  ['no address', 'acks=all', /nothing names an address\. .* Add bootstrap\.servers=host:port/],
  ['no port', 'bootstrap.servers=a', /^bootstrap\.servers \(in .*\) holds "a", which is not host/],
  ['no protocol', `${HEAD}security.protocol=${SECRET}`, /security\.protocol is none of Kafka/],
  ['a login without SASL', HEAD + JAAS, /sasl\.jaas\.config, .* Set security\.protocol=SASL_SSL/],
  ['certificates without TLS', `${HEAD}ssl.keystore.key=${SECRET}`, /Set security\.protocol=SSL/],
  ['no mechanism', SASL + JAAS, /^sasl\.mechanism \(in .*\) is GSSAPI: that is Kerberos/],
  ['Kerberos', `${SASL}sasl.mechanism=GSSAPI`, /is Kerberos.*listener .* client certificates/],
  ['IAM', `${SASL}sasl.mechanism=AWS_MSK_IAM`, /package of Amazon’s in the client.*SCRAM-SHA-512/],
  ['another mechanism', `${SASL}sasl.mechanism=${SECRET}`, /is not one that the lab knows/],
  ['no login', `${SASL}sasl.mechanism=PLAIN`, /USERNAME is not set, .* or sasl\.jaas\.config in /],
  ['half a login', `${SASL}sasl.mechanisms=PLAIN\nsasl.username=u`, /KAFKA_SASL_PASSWORD is not/],
  ['no JAAS', `${SASL}sasl.jaas.config=${SECRET}`, /sasl\.jaas\.config is not of the form/],
  ['a placeholder', CONFLUENT.replace('KEY', '{{ CLUSTER_API_KEY }}'), /username .* placeholder/],
  ['a typing error', `${SASL}sasl.mechansim=PLAIN`, /"sasl\.mechansim", which is no setting/],
  ['a provider of secrets', `${SASL}config.providers=file`, /config\.providers is Java’s alone/],
  [
    'a store of Java’s',
    `${TLS}ssl.truststore.location=my store.jks`,
    /of type JKS, as ssl\.truststore\.type is not set; .*keytool -list -rfc -keystore '.*my store\.jks' > ca\.pem; then set ssl\.truststore\.type=PEM/,
  ],
  [
    'a key in PKCS12',
    `${TLS}ssl.keystore.type=PKCS12\nssl.keystore.location=a.p12`,
    /of type PKCS12; .*openssl pkcs12 -in .*a\.p12 -out client\.pem; .*ssl\.key\.password/,
  ],
  [
    'a key in JKS',
    `${TLS}ssl.keystore.type=JKS\nssl.keystore.location=a.jks`,
    /keytool -importkeystore -srckeystore .*a\.jks .*openssl pkcs12 -in client\.p12 -out client\.pem/,
  ],
  [
    'an authority that is not there',
    `${TLS}ssl.truststore.type=PEM\nssl.truststore.location=ca.pem`,
    /^ssl\.truststore\.location \(in .*\) names a file that cannot be read: ENOENT/,
  ],
  [
    'an authority that is none',
    `${TLS}ssl.truststore.type=PEM\nssl.truststore.certificates=-----BEGIN ${SECRET}`,
    /^ssl\.truststore\.certificates \(in .*\) is a text, which holds no certificate/,
  ],
])('%s is refused without a word of the secret', (_, content, message) => {
  expect(refusal(content)).toMatch(message);
});

test('a file that is not there is named', () => {
  const env = { KAFKA_CLIENT_PROPERTIES: join(folder, 'none') };
  expect(() => connectionFromEnvironment(env)).toThrow(/names a file that cannot be read: ENOENT/);
});
