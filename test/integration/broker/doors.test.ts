import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { Kafka } from 'kafkajs';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { connectionFromEnvironment } from '../../../lib/src/broker/config/address.ts';
import { propertiesText } from '../../../lib/src/broker/embedded/settings.ts';
import { leaseBroker } from '../../../lib/src/broker/index.ts';
import type { LabError } from '../../../lib/src/errors.ts';
import { openLab } from '../../../lib/src/lab/index.ts';
import { orderEvents } from '../../../lib/src/shop/order.ts';
import { type Certificates, makeCertificates, noCertificates } from '../../support/certificates.ts';
import { kafkaLab } from '../../support/command.ts';
import { ownState, recordingHost } from '../../support/lab.ts';
import { type SecureKafka, startSecureKafka } from '../../support/secure-kafka.ts';
import { makeIssuer } from '../../support/tokens.ts';

const PASSWORD = 'correct-horse-battery';
const ANN = { name: 'ann', password: PASSWORD };
const BOB = { name: 'bob', password: PASSWORD };
/** A password, a key, what both parts of each token begin with: three letters alone are now and then in a certificate. */
const SECRETS = /correct-horse|PRIVATE KEY|eyJhbGciOi|eyJzdWIiOi/;
const MODULES = 'org.apache.kafka.common.security';
const reason = noCertificates();

describe.skipIf(reason)(`a file of Kafka’s own settings${reason ? `: ${reason}` : ''}`, () => {
  const state = ownState();
  const host = recordingHost();
  const path = join(state, 'client.properties');
  const issuer = makeIssuer();
  let kafka: SecureKafka;
  let certificates: Certificates;

  beforeAll(async () => {
    certificates = makeCertificates(state);
    const { keystore, ca } = certificates;
    const keys = join(state, 'keys.json');
    writeFileSync(keys, issuer.keys);
    const users = { keystore, ca, keys, admin: ANN, plain: BOB };
    kafka = await startSecureKafka(join(state, 'secure'), users);
  }, 60_000);
  afterAll(() => kafka?.stop());
  afterEach(() => vi.unstubAllEnvs());

  /** Writes the file, and has the lab go by it. */
  function go(settings: Record<string, string>): void {
    writeFileSync(path, propertiesText(settings));
    vi.stubEnv('KAFKA_CLIENT_PROPERTIES', path);
  }

  /** What leasing that Kafka is refused with, without any secret. */
  async function refused(settings: Record<string, string>, text: RegExp): Promise<void> {
    go(settings);
    const error: LabError = await leaseBroker({ holder: 'test' }).then(
      () => expect.unreachable('it was leased'),
      (thrown) => thrown,
    );
    expect(error.message).toMatch(text);
    expect(error.name).toBe('LabError');
    const all = `${error.stack}\n${inspect(error, { depth: null, showHidden: true })}`;
    expect(all).not.toMatch(SECRETS);
  }

  /** A record goes to Kafka and comes back, by kafkajs, by a process of the shop's and by Kafka's own tools. */
  async function works(settings: Record<string, string>): Promise<void> {
    go(settings);
    const lab = await openLab('doors');
    const topic = await lab.topic('orders', { partitions: 1 });
    const clients = lab.watch(new Kafka({ clientId: 'shop', ...lab.connection }));
    const producer = clients.producer();
    await producer.connect();
    await producer.send({ topic: topic.name, messages: [orderEvents({ seed: 1 })(0)] });
    const service = await lab.service('email', { group: lab.group('email'), topic, latency: 1 });
    await lab.untilCommitted(lab.group('email'), topic);
    const [row] = await lab.describeGroup(lab.group('email'));
    expect(row).toMatchObject({ committed: 1, lag: 0 });
    const shown = inspect([lab, clients, producer, service], { depth: null, showHidden: true });
    expect(shown + JSON.stringify(lab.connection)).not.toMatch(SECRETS);
    await lab.close();
    expect(host.failures).toEqual([]);
    const secrets = filesIn(join(state, 'logs'), join(state, 'run')).filter(tells);
    expect(secrets).toEqual([]);
  }

  const scram = (password = PASSWORD) => ({
    'bootstrap.servers': kafka.saslSsl,
    'security.protocol': 'SASL_SSL',
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': certificates.ca,
    'sasl.mechanism': 'SCRAM-SHA-256',
    'sasl.jaas.config': `${MODULES}.scram.ScramLoginModule required username='ann' password='${password}';`,
  });

  test('by SCRAM and TLS the lab, its services and Kafka’s own tools come in', () =>
    works(scram()));

  test('the doctor says that the file was gone by, and what of it was not', async () => {
    go({ ...scram(), acks: 'all' });
    const { output } = await kafkaLab(state, ['doctor']).ended;
    expect(output).toContain(`${kafka.saslSsl} (TLS, SASL scram-sha-256)`);
    expect(output).toContain(`set by ${path}`);
    expect(output).toContain('the lab does not go by what it says of acks');
    expect(output).not.toContain(PASSWORD);
  });

  test('a wrong password, and one by another mechanism', async () => {
    const check = new RegExp(
      `rejects the user ann\\. .* Check sasl\\.jaas\\.config \\(in ${path}\\)\\.$`,
    );
    await refused(scram(`${PASSWORD}!`), check);
    const plain = { ...scram(), 'sasl.mechanism': 'PLAIN' };
    await refused(plain, /^Kafka at .* rejects the user ann\. .* mechanism other than plain\./);
    const other = { ...scram(), 'sasl.mechanism': 'SCRAM-SHA-512' };
    await refused(
      other,
      /does not accept passwords by scram-sha-512\. .* Set sasl\.mechanism \(in /,
    );
  });

  test('a file that asks for no login, for no TLS, or trusts another authority', async () => {
    const { 'sasl.mechanism': _, 'sasl.jaas.config': __, ...tls } = scram();
    await refused(
      { ...tls, 'security.protocol': 'SSL' },
      new RegExp(
        `asks for a user name and a password\\..* Set security\\.protocol to SASL_SSL or SASL_PLAINTEXT in ${path}, sasl\\.mechanism to .*, and sasl\\.jaas\\.config`,
      ),
    );
    await refused(
      { 'bootstrap.servers': kafka.saslSsl },
      new RegExp(
        `with TLS only\\. security\\.protocol \\(in ${path}\\) asks for none\\. Set security\\.protocol=SSL in ${path}`,
      ),
    );
    await refused(
      { ...scram(), 'bootstrap.servers': kafka.plaintext },
      /does not accept TLS on this port\. security\.protocol \(in .*\) asks for TLS\. Set it to PLAINTEXT or/,
    );
    await refused(
      { ...scram(), 'bootstrap.servers': kafka.ssl },
      /does not accept passwords on this port\. sasl\.jaas\.config \(in .*\) is set\. Set security\.protocol to SSL/,
    );
    await refused(
      { ...scram(), 'ssl.truststore.location': certificates.otherCa },
      /is not trusted\. .* Set ssl\.truststore\.location \(in .*\) to the certificate of the authority/,
    );
  });

  const mutual = (store = certificates.client) => ({
    'bootstrap.servers': kafka.mutual,
    'security.protocol': 'SSL',
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': certificates.ca,
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': store,
  });

  test('by a client certificate the lab, its services and Kafka’s own tools come in', () =>
    works(mutual()));

  test('a client certificate that another authority signed, that has expired, or that is not there', async () => {
    await refused(
      mutual(certificates.otherClient),
      /^Kafka at .* asks for a client certificate that one of its authorities has signed\. It does not take that of ssl\.keystore\.location \(in /,
    );
    await refused(
      mutual(certificates.expiredClient),
      /^The client certificate in ssl\.keystore\.location \(in .*\) has expired, on .*\. .* Ask for a new one/,
    );
    const { 'ssl.keystore.type': _, 'ssl.keystore.location': __, ...none } = mutual();
    await refused(
      none,
      new RegExp(
        `^Kafka at .* asks for a client certificate\\. None is set\\. Set ssl\\.keystore\\.type=PEM and ssl\\.keystore\\.location in ${path}`,
      ),
    );
  });

  test('certificate and key: in two files, in settings themselves on one line, encrypted, and by variables', () => {
    const at = (name: string) => join(state, name);
    const encrypt = ['pkcs8', '-topk8', '-in', at('ann.key'), '-passout', `pass:${PASSWORD}`];
    execFileSync('openssl', [...encrypt, '-out', at('encrypted.key')], { stdio: 'pipe' });
    const text = (name: string) => readFileSync(at(name), 'utf8').replaceAll('\n', ' ');
    const { 'ssl.keystore.location': _, ...store } = mutual();
    const chain = { 'ssl.keystore.certificate.chain': text('ann.pem') };
    const identity = () => {
      const ssl = connectionFromEnvironment()?.ssl;
      if (typeof ssl !== 'object') return expect.unreachable('it has no certificate');
      expect(inspect(ssl, { depth: null, showHidden: true })).not.toContain('PRIVATE KEY');
      expect(JSON.stringify({ ssl, ...ssl })).not.toContain('PRIVATE KEY');
      return { cert: ssl.cert, key: ssl.key };
    };
    const refusal = (message: RegExp) => expect(identity).toThrow(message);

    go(mutual());
    const expected = identity();
    expect(expected.cert).toBe(readFileSync(at('ann.pem'), 'utf8'));
    go({ ...store, ...chain, 'ssl.keystore.key': text('ann.key') });
    expect(identity()).toEqual(expected);
    go({ ...store, ...chain, 'ssl.keystore.key': text('encrypted.key') });
    refusal(
      /^The key in ssl\.keystore\.key \(in .*\) cannot be read: it has a passphrase, .* Set KAFKA_SSL_KEY_PASSWORD/,
    );
    vi.stubEnv('KAFKA_SSL_KEY_PASSWORD', `${PASSWORD}!`);
    refusal(
      /cannot be read with the passphrase in KAFKA_SSL_KEY_PASSWORD\. .* Correct KAFKA_SSL_KEY/,
    );
    vi.stubEnv('KAFKA_SSL_KEY_PASSWORD', PASSWORD);
    expect(identity()).toEqual(expected);
    go({ ...store, ...chain, 'ssl.keystore.key': text('eve.key') });
    refusal(
      /^The key in ssl\.keystore\.key .* does not belong to the certificate in ssl\.keystore\.cert/,
    );
    go({ ...store, ...chain });
    refusal(/^ssl\.keystore\.certificate\.chain .* holds no private key\. .* Set KAFKA_SSL_KEY/);

    vi.stubEnv('KAFKA_CLIENT_PROPERTIES', '');
    vi.stubEnv('KAFKA_BROKERS', kafka.mutual);
    vi.stubEnv('KAFKA_SSL_KEY', at('encrypted.key'));
    refusal(/^KAFKA_SSL_KEY is set, and KAFKA_SSL_CERT is not\./);
    vi.stubEnv('KAFKA_SSL_CERT', at('ann.pem'));
    expect(identity()).toEqual(expected);
    vi.stubEnv('KAFKA_SSL', 'false');
    refusal(/^KAFKA_SSL turns TLS off, yet KAFKA_SSL_CERT is set\./);
  });

  const byToken = () => ({
    'bootstrap.servers': kafka.oauth,
    'security.protocol': 'SASL_SSL',
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': certificates.ca,
    'sasl.mechanism': 'OAUTHBEARER',
    'sasl.jaas.config': `${MODULES}.oauthbearer.OAuthBearerLoginModule required;`,
    'sasl.oauthbearer.token.endpoint.url': pathToFileURL(join(state, 'token')).href,
  });
  const write = (token: string) => writeFileSync(join(state, 'token'), `${token}\n`);

  test('by a token the lab, its services and Kafka’s own tools come in', async () => {
    write(issuer.token('ann', 3600));
    await works(byToken());
  });

  test('a token of another issuer, for another audience, expired, of no use, or not there', async () => {
    const rejected =
      /^Kafka at .* rejects the token of sasl\.oauthbearer\.token\.endpoint\.url \(in /;
    write(makeIssuer().token('ann', 3600));
    await refused(byToken(), rejected);
    write(issuer.token('ann', 3600, 'lake'));
    await refused(byToken(), rejected);
    write(issuer.token('ann', -60));
    await refused(
      byToken(),
      /endpoint\.url \(in .*\) gives a token that has expired, on 20.*Renew it/,
    );
    write(`${PASSWORD} and more`);
    await refused(byToken(), /endpoint\.url \(in .*\) gives something that is no token\./);
    rmSync(join(state, 'token'));
    await refused(byToken(), /endpoint\.url \(in .*\) names a file that cannot be read: ENOENT/);
    const { 'sasl.oauthbearer.token.endpoint.url': _, ...nowhere } = byToken();
    await refused(
      nowhere,
      /^sasl\.mechanism \(in .*\) asks for a token, and nothing says where one/,
    );
    await refused(
      { ...scram(), 'bootstrap.servers': kafka.oauth },
      /does not accept passwords by scram-sha-256\. It accepts: oauthbearer\./,
    );
    write(issuer.token('ann', 3600));
    await refused(
      { ...byToken(), 'bootstrap.servers': kafka.saslSsl },
      /does not accept tokens by oauthbearer\. It accepts: .*scram-sha-256.* Set sasl\.mechanism \(in /,
    );
    await refused(
      { ...byToken(), 'bootstrap.servers': kafka.ssl },
      /does not accept tokens on this port\. sasl\.oauthbearer\.token\.endpoint\.url \(in .*\) is set\./,
    );
    await refused(
      { ...mutual(), 'bootstrap.servers': kafka.oauth },
      /asks for a token \(OAUTHBEARER\)\. None is set\. .* and KAFKA_SASL_TOKEN_FILE or KAFKA_SASL/,
    );
    write(issuer.token('bob', 3600));
    await refused(
      byToken(),
      /^Who has the token of sasl\.oauth.* may not create topics .* TOPIC_AUTHORIZATION_FAILED/,
    );
  });

  test('a token that a command prints, by variables', async () => {
    write(issuer.token('ann', 3600));
    vi.stubEnv('KAFKA_BROKERS', kafka.oauth);
    vi.stubEnv('KAFKA_SSL_CA', certificates.ca);
    vi.stubEnv('KAFKA_SASL_TOKEN_COMMAND', `: ${PASSWORD}; cat ${join(state, 'token')}`);
    const lease = await leaseBroker({ holder: 'test' });
    expect(lease.connection.sasl?.mechanism).toBe('oauthbearer');
    expect(inspect(lease, { depth: null, showHidden: true })).not.toMatch(SECRETS);
    expect(JSON.stringify(lease)).not.toMatch(SECRETS);
    await lease.release();
  });
});

function filesIn(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
}

const tells = (file: string): boolean => SECRETS.test(readFileSync(file, 'utf8'));
