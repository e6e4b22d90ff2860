import { once } from 'node:events';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Consumer } from 'kafkajs';
import { afterEach, expect, test, vi } from 'vitest';
import { restWhenQuiet, watchedSockets } from '../../../lib/src/lab/watch/polls.ts';

const require = createRequire(import.meta.url);
afterEach(() => void vi.restoreAllMocks());

/** A fetch request as kafkajs encodes it. */
async function fetchRequest(maxWaitTime: number): Promise<Buffer> {
  const fetch = require('kafkajs/src/protocol/requests/fetch/v11/request');
  const createRequest = require('kafkajs/src/protocol/request');
  const topics = [{ topic: 't', partitions: [{ partition: 0, fetchOffset: '0', maxBytes: 1 }] }];
  const request = fetch({ maxWaitTime, minBytes: 1, maxBytes: 1, topics });
  return (await createRequest({ request, correlationId: 7, clientId: 'späti' })).buffer;
}

/** A consumer whose `run` opens one socket, and what arrives at the other end. */
async function polling() {
  const arrived: Buffer[] = [];
  const server = createServer((socket) => socket.on('data', (data) => arrived.push(data)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  let socket: Socket | undefined;
  const heard = new Map<string, () => void>();
  const nothing = async () => {};
  const consumer = {
    events: { START_BATCH_PROCESS: 'batch', REBALANCING: 'rebalancing', GROUP_JOIN: 'join' },
    on: (event: string, listener: () => void) => heard.set(event, listener),
    ...{ connect: nothing, disconnect: nothing, stop: nothing },
    run: async () => {
      socket = watchedSockets({
        host: '127.0.0.1',
        port,
        onConnect: () => {},
        ssl: undefined as never,
      });
      await once(socket, 'connect');
    },
  };
  restWhenQuiet(consumer as unknown as Consumer);
  await consumer.run();
  const opened = socket as unknown as Socket;
  const errors: Error[] = [];
  opened.on('error', (error) => errors.push(error));
  return {
    ...{ consumer, heard, errors, socket: opened },
    /** What arrives where kafkajs sends this, in its place. */
    sent: async (request: Buffer) => {
      arrived.length = 0;
      opened.write(request, 'binary');
      await expect.poll(() => Buffer.concat(arrived).length).toBe(request.length);
      return Buffer.concat(arrived);
    },
    end: () => {
      opened.destroy();
      server.close();
    },
  };
}

test('fetches of a consumer with nothing to do wait longer; with a record they are what they were', async () => {
  const { sent, heard, end } = await polling();
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
  heard.get('batch')?.();
  expect(await sent(await fetchRequest(500))).toEqual(short);
  end();
});

test('who leaves cuts a fetch that waits long, and only then', async () => {
  const { consumer, sent, errors, socket, end } = await polling();
  await sent(await fetchRequest(500));
  await consumer.disconnect();
  expect(socket.destroyed).toBe(false); // it is answered soon
  await sent(await fetchRequest(5000));
  await consumer.disconnect();
  expect(socket.destroyed).toBe(true);
  await expect.poll(() => errors.length).toBe(1);
  end();
});
