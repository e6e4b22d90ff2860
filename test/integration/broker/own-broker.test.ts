import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { expect, test } from 'vitest';
import { brokerStatus, leaseBroker } from '../../../lib/src/broker/index.ts';
import { openLab } from '../../../lib/src/lab/index.ts';
import { endOffsets } from '../../support/kafka-tools.ts';
import { ownState, recordingHost } from '../../support/lab.ts';

const state = ownState();
const host = recordingHost();
const LIMIT = 60_000;

test('a broker of one’s own: nobody else’s, restarted on its data, gone with its lab', {
  timeout: LIMIT,
}, async () => {
  const lab = await openLab('restart', { ownBroker: true });
  expect(await brokerStatus()).toEqual({ running: false });
  const shared = await leaseBroker({ holder: 'other', linger: 0 });
  expect(shared.connection.brokers).not.toEqual(lab.connection.brokers);

  const topic = await lab.topic('kept', { partitions: 2 });
  const kafka = lab.watch(
    new Kafka({ clientId: 'writer', ...lab.connection, logLevel: logLevel.NOTHING }),
  );
  const producer = kafka.producer();
  await producer.connect();
  const messages = Array.from({ length: 10 }, (_, n) => ({ value: `${n}` }));
  await producer.send({ topic: topic.name, messages });
  const before = await endOffsets(lab.connection.brokers, topic.name);
  await lab.restartBroker();
  expect(await endOffsets(lab.connection.brokers, topic.name)).toEqual(before);
  await producer.send({ topic: topic.name, messages });
  const after = await endOffsets(lab.connection.brokers, topic.name);
  expect(Object.values(after).reduce((sum, end) => sum + end, 0)).toBe(20);

  await lab.close();
  expect(readdirSync(join(state, 'own'))).toEqual([]);
  expect(host.failures).toEqual([]);
  await shared.release();
});

test('a shared broker is not restarted, and says how to get one that can be', {
  timeout: LIMIT,
}, async () => {
  const lab = await openLab('shared');
  await expect(lab.restartBroker()).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message: expect.stringContaining("openLab('shared', { ownBroker: true })"),
  });
  await lab.close();
  expect(existsSync(join(state, 'own', 'shared'))).toBe(false);
});
