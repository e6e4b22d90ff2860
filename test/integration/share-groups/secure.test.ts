import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createTopic } from '../../../lib/src/admin/create-topic.ts';
import { setGroupConfigs, shareConsumer } from '../../../lib/src/share-groups/index.ts';
import { until } from '../../support/broker.ts';
import { type Certificates, makeCertificates, noCertificates } from '../../support/certificates.ts';
import { ownState } from '../../support/lab.ts';
import { type SecureKafka, startSecureKafka } from '../../support/secure-kafka.ts';

const state = ownState();
const ANN = { name: 'ann', password: 'correct-horse-battery' };
const BOB = { name: 'bob', password: 'correct-horse-battery' };

describe.skipIf(noCertificates())('over TLS, with a password', () => {
  let secure: SecureKafka;
  let certificates: Certificates;
  beforeAll(async () => {
    certificates = makeCertificates(state);
    const users = { keystore: certificates.keystore, admin: ANN, plain: BOB };
    secure = await startSecureKafka(join(state, 'secure'), users);
  }, 60_000);
  afterAll(() => secure?.stop());

  const kafka = (user: typeof ANN, mechanism: 'scram-sha-256' | 'plain') =>
    new Kafka({
      ...{ clientId: user.name, brokers: [secure.saslSsl], logLevel: logLevel.NOTHING },
      ssl: { ca: readFileSync(certificates.ca) },
      sasl: { mechanism: mechanism as 'plain', username: user.name, password: user.password },
    });

  test('who may, works; who may not, is told so by name', async () => {
    const ann = kafka(ANN, 'scram-sha-256');
    await createTopic((settings) => ann.admin(settings), { topic: 'jobs' });
    await setGroupConfigs(ann, 'workers', { 'share.auto.offset.reset': 'earliest' });
    const producer = ann.producer();
    await producer.connect();
    await producer.send({ topic: 'jobs', messages: [{ value: 'one' }] });
    await producer.disconnect();
    const values: string[] = [];
    const consumer = shareConsumer(ann, { groupId: 'workers' });
    onTestFinished(() => consumer.disconnect());
    await consumer.connect();
    await consumer.subscribe({ topics: ['jobs'] });
    await consumer.run({
      eachMessage: async ({ message }) => void values.push(`${message.value}`),
    });
    await until(() => values.length === 1, 'the record');

    const bob = kafka(BOB, 'plain');
    const other = shareConsumer(bob, { groupId: 'workers' });
    onTestFinished(() => other.disconnect());
    await other.connect();
    await other.subscribe({ topics: ['jobs'] });
    const refused = { code: 'REFUSED', type: 'GROUP_AUTHORIZATION_FAILED' };
    await expect(other.run({ eachMessage: async () => {} })).rejects.toMatchObject(refused);
    await expect(setGroupConfigs(bob, 'workers', {})).rejects.toMatchObject({ code: 'REFUSED' });
  });
});
