import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';

const checkout = mkdtempSync(join(tmpdir(), 'kafka-lab-env-'));
vi.mock('../../../lib/src/paths.ts', () => ({ root: checkout }));
const { connectionFromEnvironment } = await import('../../../lib/src/broker/config/address.ts');
const { environment, spelled } = await import('../../../lib/src/broker/config/environment.ts');

const file = join(checkout, '.env');
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBeDCCAR+gAwIBAgIUNYlEPeTTuaTqDBXVpPjQYvXXFqUwCgYIKoZIzj0EAwIw
-----END CERTIFICATE-----`;

beforeEach(() => {
  for (const name of ['BOOTSTRAP_SERVERS', 'BROKERS', 'SSL', 'SSL_CA', 'SASL_USERNAME'])
    vi.stubEnv(`KAFKA_${name}`, undefined);
});
afterAll(() => rmSync(checkout, { recursive: true }));
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(checkout, { recursive: true });
  mkdirSync(checkout);
});

test('without a .env there is the environment alone', () => {
  expect(environment()).toEqual(process.env);
});

test('.env names the Kafka, with quotes, comments and a byte order mark', () => {
  const lines = ['KAFKA_BOOTSTRAP_SERVERS="a:9092" # ours', 'KAFKA_SASL_USERNAME=ann'];
  writeFileSync(file, `\uFEFF${lines.join('\r\n')}\nKAFKA_SASL_PASSWORD='a#b c'\nKAFKA_SSL=true`);
  const sasl = { mechanism: 'plain', username: 'ann', password: 'a#b c' };
  expect(connectionFromEnvironment()).toMatchObject({ brokers: ['a:9092'], ssl: true, sasl });
});

test('the real environment wins, an empty variable too', () => {
  writeFileSync(file, 'KAFKA_BOOTSTRAP_SERVERS=a:9092\n');
  expect(spelled('KAFKA_BOOTSTRAP_SERVERS')).toBe(`KAFKA_BOOTSTRAP_SERVERS (in ${file})`);
  vi.stubEnv('KAFKA_BOOTSTRAP_SERVERS', 'b:9092');
  expect(connectionFromEnvironment()?.brokers).toEqual(['b:9092']);
  expect(spelled('KAFKA_BOOTSTRAP_SERVERS')).toBe('KAFKA_BOOTSTRAP_SERVERS');
  vi.stubEnv('KAFKA_BOOTSTRAP_SERVERS', '');
  expect(connectionFromEnvironment()).toBeUndefined();
});

test('a .env that is no file, or no text, is named', () => {
  writeFileSync(file, Buffer.from('KAFKA_SSL=true', 'utf16le'));
  expect(environment).toThrow(`The file ${file} cannot be read. It is not text in UTF-8. Make it`);
  rmSync(file);
  mkdirSync(file);
  expect(environment).toThrow(/^The file .*\.env cannot be read\. EISDIR.* Make it a text file/);
});

test('KAFKA_SSL_CA is a path from the top of the checkout, and means TLS', () => {
  const env = { KAFKA_BROKERS: 'a:1', KAFKA_SSL_CA: 'ca.pem' };
  const refused = (text: RegExp, more = {}) =>
    expect(() => connectionFromEnvironment({ ...env, ...more })).toThrow(text);
  refused(/KAFKA_SSL_CA names a file that cannot be read: ENOENT/);
  writeFileSync(join(checkout, 'ca.pem'), 'no certificate: secret');
  refused(
    /KAFKA_SSL_CA names .*ca\.pem, which holds no certificate that can be read\. (?!.*secret)/,
  );
  writeFileSync(join(checkout, 'ca.pem'), CERTIFICATE);
  refused(/holds no certificate that can be read/);
  refused(/KAFKA_SSL turns TLS off, yet KAFKA_SSL_CA is set/, { KAFKA_SSL: 'false' });
});
