import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { kafkaLab, ROOT, temporaryState } from '../support/command.ts';
import { freePorts } from '../support/ports.ts';
import { Compose, missingDocker } from './docker.ts';

const missing = await missingDocker();
if (missing) console.log(`Skipped: ${missing}`);

/** What differs by where Kafka and the queue come from. The whole course on a Kafka by address is run by `test:remote`. */
const LESSONS = ['00', '01', '02', '05', '08'];

const state = temporaryState();
afterEach(() => void state.end());

test.skipIf(missing)(
  'docker-compose.yml: up, notebooks on its Kafka and its RabbitMQ, down, nothing left',
  async () => {
    const [kafka, rabbit, page] = (await freePorts(3)).map(String) as [string, string, string];
    const ports = { KAFKA_PORT: kafka, RABBIT_PORT: rabbit, RABBIT_UI_PORT: page };
    const compose = new Compose(`kafka-lab-test-${process.pid}`, ports);
    const output = join(ROOT, 'build', 'docker');
    rmSync(output, { recursive: true, force: true });
    let left: string[] = [];
    try {
      await compose.run('--profile', 'queue', 'up', '-d', '--wait', 'kafka', 'rabbitmq');
      const address = {
        KAFKA_BOOTSTRAP_SERVERS: `localhost:${kafka}`,
        AMQP_URL: `amqp://guest:guest@localhost:${rabbit}`,
      };
      const run = await kafkaLab(state.path, ['notebooks', ...LESSONS, '--output', output], address)
        .ended;
      expect(run.code, run.output).toBe(0);
    } finally {
      left = await compose.down();
    }
    expect(left).toEqual([]);
  },
);

test.skipIf(missing)('docker-compose.yml: three brokers elect a leader each', async () => {
  const ports = await freePorts(3);
  const names = ['KAFKA_PORT_1', 'KAFKA_PORT_2', 'KAFKA_PORT_3'];
  const env = Object.fromEntries(names.map((name, i) => [name, String(ports[i])]));
  const compose = new Compose(`kafka-lab-test3-${process.pid}`, env);
  let left: string[] = [];
  try {
    const brokers = ['broker-1', 'broker-2', 'broker-3'];
    await compose.run('--profile', 'cluster', 'up', '-d', '--wait', ...brokers);
    const { Kafka } = await import('kafkajs');
    const addresses = ports.map((port) => `localhost:${port}`);
    const admin = new Kafka({ clientId: 'test', brokers: addresses, logLevel: 0 }).admin();
    await admin.connect();
    // Each is healthy by itself; the one that is asked may hear of another a moment later.
    const seen = async () => {
      const { brokers } = await admin.describeCluster();
      return brokers.map(({ nodeId }) => nodeId).sort();
    };
    await expect.poll(seen).toEqual([1, 2, 3]);
    await admin.disconnect();
  } finally {
    left = await compose.down();
  }
  expect(left).toEqual([]);
});
