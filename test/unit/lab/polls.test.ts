import { executionAsyncId } from 'node:async_hooks';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import {
  type Cluster,
  type Consumer,
  type ConsumerConfig,
  Kafka,
  logLevel,
  type PartitionAssigner,
  PartitionAssigners,
} from 'kafkajs';
import { afterEach, expect, test, vi } from 'vitest';
import { createResting } from '../../../lib/src/lab/watch/polls.ts';

const require = createRequire(import.meta.url);
afterEach(() => void vi.restoreAllMocks());

/** As kafkajs 2.2.4 has it. */
interface Connections extends Cluster {
  connectionPoolBuilder: {
    build(): Promise<{
      pool: { socket: Socket; connect(): Promise<void>; disconnect(): Promise<void> }[];
    }>;
  };
}

/** A fetch request as kafkajs encodes it. */
async function fetchRequest(maxWaitTime: number): Promise<Buffer> {
  const fetch = require('kafkajs/src/protocol/requests/fetch/v11/request');
  const createRequest = require('kafkajs/src/protocol/request');
  const topics = [{ topic: 't', partitions: [{ partition: 0, fetchOffset: '0', maxBytes: 1 }] }];
  const request = fetch({ maxWaitTime, minBytes: 1, maxBytes: 1, topics });
  return (await createRequest({ request, correlationId: 7, clientId: 'späti' })).buffer;
}

/** A consumer that rests, with one of its own connections, and what arrives at the other end. */
async function polling() {
  const arrived: Buffer[] = [];
  const server = createServer((socket) => socket.on('data', (data) => arrived.push(data)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const kafka = new Kafka({ brokers: [`127.0.0.1:${port}`], logLevel: logLevel.NOTHING });
  const heard = new Map<string, () => void>();
  let cluster: Connections | undefined;
  const assigner: PartitionAssigner = (given) => {
    cluster = given.cluster as Connections;
    return PartitionAssigners.roundRobin(given);
  };
  const on = (event: string, listener: () => void) => heard.set(event, listener);
  const create = (config: ConsumerConfig) =>
    Object.assign(kafka.consumer(config), { on }) as unknown as Consumer;
  const consumer = createResting(create, { groupId: 'g', partitionAssigners: [assigner] });
  const { pool } = await (cluster as Connections).connectionPoolBuilder.build();
  const connection = pool[1] as (typeof pool)[number];
  await connection.connect();
  const { socket } = connection;
  const errors: Error[] = [];
  socket.on('error', (error) => errors.push(error));
  return {
    ...{ consumer, heard, errors, socket },
    /** What arrives where kafkajs sends this, in its place. */
    sent: async (request: Buffer) => {
      arrived.length = 0;
      socket.write(request, 'binary');
      await expect.poll(() => Buffer.concat(arrived).length).toBe(request.length);
      return Buffer.concat(arrived);
    },
    end: async () => {
      socket.destroy();
      await connection.disconnect();
      server.close();
    },
  };
}

test('fetches of a consumer with nothing to do wait longer; with a record they are what they were', async () => {
  const { sent, heard, end, consumer } = await polling();
  let clock = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
  const [short, long] = [await fetchRequest(500), await fetchRequest(2000)];
  expect(await sent(await fetchRequest(500))).toEqual(short);
  clock += 61_000;
  expect(await sent(await fetchRequest(500))).toEqual(long);
  expect(await sent(await fetchRequest(9000))).toEqual(await fetchRequest(9000));
  const other = Buffer.from(short);
  other.writeInt16BE(3, 4); // metadata
  expect(await sent(Buffer.from(other))).toEqual(other);
  heard.get(consumer.events.START_BATCH_PROCESS)?.();
  expect(await sent(await fetchRequest(500))).toEqual(short);
  await end();
});

test('who leaves cuts no fetch that is answered soon', async () => {
  const { consumer, sent, socket, end } = await polling();
  await sent(await fetchRequest(500));
  await consumer.disconnect();
  expect(socket.destroyed).toBe(false); // it is answered soon
  await end();
});

test('what who leaves still fetches is answered at once', async () => {
  const { consumer, sent, end } = await polling();
  await consumer.disconnect();
  expect(await sent(await fetchRequest(5000))).toEqual(await fetchRequest(0));
  await end();
});

test('who leaves cuts a fetch that waits long', async () => {
  const { consumer, sent, errors, socket, end } = await polling();
  await sent(await fetchRequest(5000));
  await consumer.disconnect();
  expect(socket.destroyed).toBe(true);
  await expect.poll(() => errors.length).toBe(1);
  await end();
});

test('it follows no promises, which would make each of the process cost more: none has an id of its own', async () => {
  const { consumer, end } = await polling();
  await consumer.disconnect();
  await Promise.resolve();
  const id = executionAsyncId();
  await Promise.resolve();
  expect(executionAsyncId()).toBe(id);
  await end();
});
