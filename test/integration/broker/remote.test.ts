import { readdirSync, readFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { inspect } from 'node:util';
import kafkajs, { Kafka, logLevel } from 'kafkajs';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createTopic } from '../../../lib/src/admin/create-topic.ts';
import { NEEDED } from '../../../lib/src/broker/external/versions.ts';
import { leaseBroker } from '../../../lib/src/broker/index.ts';
import type { LabError } from '../../../lib/src/errors.ts';
import { openLab } from '../../../lib/src/lab/index.ts';
import { orderEvents } from '../../../lib/src/shop/order.ts';
import { type Certificates, makeCertificates, noCertificates } from '../../support/certificates.ts';
import { kafkaLab, processesOf, waitUntil } from '../../support/command.ts';
import { endOffsets, transactions } from '../../support/kafka-tools.ts';
import { ownState, recordingHost } from '../../support/lab.ts';
import { type SecureKafka, startSecureKafka } from '../../support/secure-kafka.ts';

const PASSWORD = 'correct-horse-battery';
const ANN = { name: 'ann', password: PASSWORD };
const BOB = { name: 'bob', password: PASSWORD };
const state = ownState();
const host = recordingHost();
const servers: Server[] = [];

afterEach(() => vi.unstubAllEnvs());
afterAll(() => {
  for (const server of servers) server.close();
});

/** Settings of the environment, without KAFKA_ in front. */
type Settings = Record<string, string>;

function set(settings: Settings): void {
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(`KAFKA_${name}`, value);
}

const env = (settings: Settings) =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [`KAFKA_${name}`, value]));

/** What leasing a Kafka is refused with, without the password. */
async function refusal(settings: Settings): Promise<LabError> {
  set(settings);
  const error = await leaseBroker({ holder: 'test' }).then(
    () => expect.unreachable('it was leased'),
    (reason: LabError) => reason,
  );
  const all = `${error.stack}\n${inspect(error, { depth: null, showHidden: true })}`;
  expect(all).not.toContain(PASSWORD);
  expect([error.name, error.cause]).toEqual(['LabError', undefined]);
  return error;
}

/** Where no answer came within the limit, the text is another. */
async function refused(settings: Settings, code: string, text: RegExp): Promise<void> {
  const error = await refusal(settings);
  expect(error.message).toMatch(text);
  expect(error.code).toBe(code);
}

async function listening(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as { port: number }).port}`;
}

/** A broker that tells which versions it speaks, and nothing else. */
function brokerWith(ranges: [key: number, from: number, to: number][]): Promise<string> {
  const body = Buffer.alloc(10 + 6 * ranges.length);
  body.writeInt32BE(ranges.length, 6);
  ranges.flat().forEach((number, n) => void body.writeInt16BE(number, 10 + 2 * n));
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);
  const answer = (socket: import('node:net').Socket) =>
    socket.once('data', (asked) => {
      asked.copy(body, 0, 8, 12); // the correlation id
      socket.write(Buffer.concat([size, body]));
    });
  return listening(createServer(answer));
}

const spoken = (change: Record<number, [number, number]>) =>
  Object.values(NEEDED).map(({ key, from, to }): [number, number, number] => [
    key,
    ...(change[key] ?? [from, to + 2]),
  ]);

test('nothing there', () =>
  refused(
    { BOOTSTRAP_SERVERS: '127.0.0.1:1' },
    'BROKER_UNREACHABLE',
    /^No Kafka answers at 127\.0\.0\.1:1\. Nothing accepts connections there \(ECONNREFUSED\)\. Check KAFKA_BOOTSTRAP_SERVERS/,
  ));

test('a prefix with which no name can begin', () =>
  refused(
    { BOOTSTRAP_SERVERS: '127.0.0.1:1', LAB_PREFIX: 'ann.b' },
    'BAD_INPUT',
    /^KAFKA_LAB_PREFIX holds "ann\.b", which no name can begin with here\./,
  ));

test('an unknown host', () =>
  refused(
    { BROKERS: `${'x'.repeat(64)}.invalid:9092` },
    'BROKER_UNREACHABLE',
    /No host of that name was found \(ENOTFOUND\)\. Check KAFKA_BROKERS/,
  ));

test('a port where a web server answers', async () =>
  refused(
    { BOOTSTRAP_SERVERS: await listening(createHttp()) },
    'BROKER_UNREACHABLE',
    /does not answer as Kafka does \("HTTP\/1\.1 400 Bad Request"\)\. Check the port in KAFKA_BOOTSTRAP_SERVERS\./,
  ));

test('a port where nobody ever answers, with TLS and without', async () => {
  const silent = await listening(createServer());
  const text = /does not answer as Kafka does \(SILENT\)\. Check the port/;
  const asking = (SSL: string) =>
    refused({ BOOTSTRAP_SERVERS: silent, SSL }, 'BROKER_UNREACHABLE', text);
  await Promise.all([asking('false'), asking('true')]);
});

test('a broker that is too old', async () =>
  refused(
    { BOOTSTRAP_SERVERS: await brokerWith(spoken({ 0: [0, 2] })) },
    'BROKER_REFUSED',
    /too old for the lab's client, kafkajs 2\.2\.4\. The broker supports versions 0 to 2 of the request Produce; the lab needs 3 to 7\. Name a Kafka from 2\.4 on/,
  ));

test('a broker that is too new', async () =>
  refused(
    { BOOTSTRAP_SERVERS: await brokerWith(spoken({ 1: [12, 20] })) },
    'BROKER_REFUSED',
    /too new for .*versions 12 to 20 of the request Fetch; the lab needs 4 to 11\. Name an older Kafka in KAFKA_BOOTSTRAP_SERVERS/,
  ));

const reason = noCertificates();
const title = `a Kafka with TLS, passwords and rights${reason ? `: ${reason}` : ''}`;
describe.skipIf(reason)(title, () => {
  let kafka: SecureKafka;
  let certificates: Certificates;
  /** What ann sets, who may do everything. */
  let ann: Settings;

  beforeAll(async () => {
    certificates = makeCertificates(state);
    const users = { keystore: certificates.keystore, admin: ANN, plain: BOB };
    kafka = await startSecureKafka(join(state, 'secure'), users);
    ann = {
      BOOTSTRAP_SERVERS: kafka.saslSsl,
      SSL_CA: certificates.ca,
      SASL_MECHANISM: 'scram-sha-256',
      SASL_USERNAME: ANN.name,
      SASL_PASSWORD: ANN.password,
    };
  });
  afterAll(() => kafka?.stop());

  test('plaintext against a port for TLS', () =>
    refused(
      { BOOTSTRAP_SERVERS: kafka.ssl },
      'BROKER_UNREACHABLE',
      /accepts connections with TLS only\. Neither .* Set KAFKA_SSL=true; .*KAFKA_SSL_CA/,
    ));

  test('TLS against a plaintext port', () =>
    refused(
      { BOOTSTRAP_SERVERS: kafka.plaintext, SSL_CA: certificates.ca },
      'BROKER_UNREACHABLE',
      /does not accept TLS on this port\. KAFKA_SSL_CA asks for TLS\. Remove KAFKA_SSL_CA, or name/,
    ));

  test('a certificate that the authority did not sign', async () => {
    const untrusted =
      /certificate of Kafka at .* is not trusted\. It is not signed by .* Set KAFKA_SSL_CA/;
    const other = { BOOTSTRAP_SERVERS: kafka.ssl, SSL_CA: certificates.otherCa };
    await refused(other, 'BROKER_UNREACHABLE', untrusted);
    await refused({ ...ann, SSL_CA: certificates.otherCa }, 'BROKER_UNREACHABLE', untrusted);
    await refused({ SSL: 'true', SSL_CA: '' }, 'BROKER_UNREACHABLE', untrusted);
  });

  test('a certificate for another host', () =>
    refused(
      { ...ann, BOOTSTRAP_SERVERS: kafka.ssl.replace('127.0.0.1', 'localhost') },
      'BROKER_UNREACHABLE',
      /is not trusted\. It was issued for another host \(ERR_TLS_CERT_ALTNAME_INVALID\)/,
    ));

  test('a wrong password, by SCRAM and by PLAIN', async () => {
    const wrong = (name: string) =>
      new RegExp(
        `rejects the user ${name}\\. .* Check KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD\\.$`,
      );
    await refused({ ...ann, SASL_PASSWORD: `${PASSWORD}!` }, 'BROKER_REFUSED', wrong('ann'));
    const bob = { SASL_USERNAME: 'bob', SASL_MECHANISM: 'plain' };
    await refused(bob, 'BROKER_REFUSED', wrong('bob'));
  });

  test('a mechanism that the broker does not take', () =>
    refused(
      { ...ann, SASL_MECHANISM: 'scram-sha-512' },
      'BROKER_REFUSED',
      /does not accept passwords by scram-sha-512\. It accepts: .*scram-sha-256.*\. Set KAFKA_SASL_MECHANISM/,
    ));

  test('no password where one is asked for, and the reverse', async () => {
    const { BOOTSTRAP_SERVERS, SSL_CA } = ann as { BOOTSTRAP_SERVERS: string; SSL_CA: string };
    await refused(
      { BOOTSTRAP_SERVERS, SSL_CA },
      'BROKER_REFUSED',
      /asks for a user name and a password\. KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD are not set\..*scram-sha-256/,
    );
    await refused(
      { ...ann, BOOTSTRAP_SERVERS: kafka.ssl },
      'BROKER_REFUSED',
      /does not accept passwords on this port\. KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD are set\./,
    );
  });

  test('a user who may not create topics', () =>
    refused(
      { ...ann, SASL_MECHANISM: 'plain', SASL_USERNAME: 'bob' },
      'BROKER_REFUSED',
      /^The user bob may not create topics on .* Kafka answers TOPIC_AUTHORIZATION_FAILED\. .*KAFKA_SASL_USERNAME/,
    ));

  test('who may only look may look from the terminal; what needs more says which right is missing', async () => {
    const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } =
      kafkajs;
    const root = new Kafka({ brokers: [kafka.plaintext] });
    await createTopic((settings) => root.admin(settings), { topic: 'news', numPartitions: 2 });
    const admin = root.admin();
    await admin.connect();
    const acl = [AclResourceTypes.TOPIC, AclResourceTypes.GROUP].map((resourceType) => ({
      ...{ resourceType, resourceName: '*', resourcePatternType: ResourcePatternTypes.LITERAL },
      ...{ principal: 'User:bob', host: '*', permissionType: AclPermissionTypes.ALLOW },
      operation: AclOperationTypes.DESCRIBE,
    }));
    await admin.createAcls({ acl });
    onTestFinished(async () => {
      // Other tests say what is left on this Kafka.
      await admin.deleteAcls({ filters: acl });
      await admin.deleteTopics({ topics: ['news'] });
      const topics = async () => expect(await admin.listTopics()).not.toContain('news');
      await vi.waitFor(topics, { timeout: 10_000 });
      await admin.disconnect();
    });
    const bob = { ...env(ann), KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'bob' };
    const asked = (...argv: string[]) => kafkaLab(state, argv, bob).ended;
    const [listed, groups, created, produced] = await Promise.all([
      asked('topic'),
      asked('groups'),
      asked('topic', 'mine', '--partitions', '1'),
      asked('produce', 'news', '--count', '1'),
    ]);
    expect([listed.code, listed.output]).toEqual([0, expect.stringMatching(/^news +2 +0$/m)]);
    expect([groups.code, groups.output]).toEqual([0, expect.stringContaining('No group yet.')]);
    for (const { code, output } of [created, produced]) {
      expect([code, output]).toEqual([
        1,
        expect.stringMatching(/authoriz.*Ask for that permission/is),
      ]);
      expect(output).not.toContain(PASSWORD);
    }
  });

  test('addresses that the brokers give and that lead nowhere', () =>
    refused(
      { BOOTSTRAP_SERVERS: kafka.lost },
      'BROKER_UNREACHABLE',
      /redirects its clients to 127\.0\.0\.1:1, which cannot be reached from here\. .*advertised\.listeners/,
    ));

  test('one of several addresses is enough, and nothing is created', async () => {
    set({ BOOTSTRAP_SERVERS: `127.0.0.1:1,${kafka.plaintext}` });
    const { connection, release } = await leaseBroker({ holder: 'test' });
    const admin = new Kafka({ ...connection, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    expect((await admin.listTopics()).filter((name) => !name.startsWith('__'))).toEqual([]);
    await admin.disconnect();
    await release();
  });

  test('with TLS and SCRAM the lab, its clients and its services work, and tell no password', async () => {
    set({ ...ann, LAB_PREFIX: 'class-ann' });
    const lab = await openLab('remote');
    const topic = await lab.topic('orders', { partitions: 2 });
    expect(topic.name).toBe(`class-ann.orders.${lab.run}`);
    const clients = lab.watch(new Kafka({ clientId: 'shop', ...lab.connection }));
    const producer = clients.producer();
    await producer.connect();
    const event = orderEvents({ seed: 1 });
    await producer.send({ topic: topic.name, messages: [event(0), event(1), event(2)] });
    const read: unknown[] = [];
    const consumer = clients.consumer({ groupId: lab.group('shop'), ...lab.quick });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic.name], fromBeginning: true });
    await consumer.run({ eachMessage: async ({ message }) => void read.push(message) });
    await lab.until('three records', () => read.length === 3);
    const service = await lab.service('email', { group: lab.group('email'), topic, latency: 1 });
    const shown = inspect([lab, clients, producer, consumer, service], {
      depth: null,
      showHidden: true,
    });
    expect(shown).toContain(`username: 'ann'`);
    expect(shown + JSON.stringify(lab.connection)).not.toContain(PASSWORD);
    await lab.close();
    expect(host.failures).toEqual([]);
    expect(filesIn(join(state, 'logs')).filter(tells)).toEqual([]);
  });

  test('an answer gets lost on the way through TLS and SCRAM, too: what was sent again is in the log twice', async () => {
    set({ ...ann, BOOTSTRAP_SERVERS: kafka.saslSsl });
    const lab = await openLab('lossy');
    const topic = await lab.topic('payments');
    const network = lab.unreliableNetwork();
    const { socketFactory } = network;
    const producer = new Kafka({ clientId: 'till', ...lab.connection, socketFactory }).producer();
    await producer.connect();
    network.loseNextAnswer('Produce');
    await producer.send({ topic: topic.name, messages: [{ key: 'ann', value: '30' }] });
    await producer.disconnect();
    expect(network.lost).toBe(1);
    expect(await endOffsets([kafka.plaintext], topic.name)).toEqual({ 0: 2 });
    await lab.close();
  });

  test('Kafka’s own tools come in by TLS and SCRAM, and neither a command line nor a file tells the password', async () => {
    set({ ...ann, BOOTSTRAP_SERVERS: kafka.saslSsl });
    const lab = await openLab('tools');
    let ended = false;
    const [seen, telling] = [new Set<string>(), new Set<string>()];
    const asked = lab.describeGroup(lab.group('nobody')).finally(() => (ended = true));
    await waitUntil(
      () => {
        for (const { command } of processesOf(state)) seen.add(command);
        for (const path of filesIn(join(state, 'run'))) if (tells(path)) telling.add(path);
        return ended;
      },
      'the tool to end',
      { limit: 20_000, every: 10 },
    );
    expect(await asked).toEqual([]);
    expect([...seen].some((command) => command.includes('ConsumerGroupCommand'))).toBe(true);
    expect([...seen].filter((command) => command.includes(PASSWORD))).toEqual([]);
    expect([...telling]).toEqual([]);
    expect(readdirSync(join(state, 'run')).filter((name) => name.startsWith('tool-'))).toEqual([]);
    await lab.close();
  });

  test('a transactional id begins with the prefix, and what is sent with it Kafka commits', async () => {
    set({ ...ann, LAB_PREFIX: 'class-ann' });
    const lab = await openLab('remote');
    const topic = await lab.topic('payments');
    const transactionalId = lab.transactionalId('payments');
    expect(transactionalId).toBe(`class-ann.payments.${lab.run}`);
    const kafkaOf = lab.watch(new Kafka({ clientId: 'shop', ...lab.connection }));
    const producer = kafkaOf.producer({
      transactionalId,
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic: topic.name, messages: [{ value: '1' }, { value: '2' }] });
    await transaction.commit();
    // Two records and the mark of the commit.
    expect(await endOffsets([kafka.plaintext], topic.name)).toEqual({ 0: 3 });
    expect(await transactions([kafka.plaintext])).toEqual({ [transactionalId]: 'CompleteCommit' });
    await lab.close();
  });

  test('two learners run a notebook at once, each with names of their own; reset takes those of one', async () => {
    const learner = async (prefix: string) => {
      const folder = join(state, prefix);
      const argv = ['notebooks', '04', '--jobs', '1', '--output', folder];
      const { code, output } = await kafkaLab(folder, argv, {
        ...env(ann),
        KAFKA_LAB_PREFIX: prefix,
      }).ended;
      expect([code, output]).toEqual([0, expect.stringContaining('1 notebook passed')]);
      expect(filesIn(folder).length).toBeGreaterThan(2);
      expect(filesIn(folder).filter(tells)).toEqual([]);
    };
    const before = await names();
    await Promise.all([learner('learner-1'), learner('learner-2')]);
    const made = (await names()).filter((name) => !before.includes(name)).sort();
    const of = (prefix: string) => made.filter((name) => name.startsWith(`${prefix}.`));
    expect(of('learner-1').map((name) => name.split('.')[1])).toContain('orders');
    expect(of('learner-2').length).toBe(of('learner-1').length);
    expect([...of('learner-1'), ...of('learner-2')]).toEqual(made);

    const argv = ['reset', '--prefix', 'learner-1', '--yes'];
    expect((await kafkaLab(state, argv, env(ann)).ended).code).toBe(0);
    expect((await names()).filter((name) => made.includes(name)).sort()).toEqual(of('learner-2'));
  }, 90_000);

  /** Every topic and every group, but for Kafka's own. */
  async function names(): Promise<string[]> {
    const admin = new Kafka({ brokers: [kafka.plaintext] }).admin();
    await admin.connect();
    const [topics, { groups }] = await Promise.all([admin.listTopics(), admin.listGroups()]);
    await admin.disconnect();
    return [...topics, ...groups.map(({ groupId }) => groupId)].filter(
      (name) => !name.startsWith('__'),
    );
  }
});

/** Whether a file holds the password. */
function tells(file: string): boolean {
  return readFileSync(file).includes(PASSWORD);
}

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
