import { connect, createServer } from 'node:net';
import { Kafka, logLevel } from 'kafkajs';
import { expect, onTestFinished, test } from 'vitest';
import { mended } from '../../../lib/src/requests/connections.ts';
import { type Connection, type ConnectionPool, sent } from '../../../lib/src/requests/exchange.ts';

/** A connection to an address, as kafkajs's clients make themselves theirs. */
async function connectionTo(broker: string): Promise<Connection> {
  const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING });
  const symbols = Object.getOwnPropertySymbols(kafka);
  const create = symbols.find((s) => s.description === 'private:Kafka:createCluster') as symbol;
  const cluster = mended(Reflect.get(kafka, create).call(kafka, {}));
  const { pool } = await cluster.connectionPoolBuilder.build();
  return pool[0];
}

test('two that find a connection lost make one', async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.on('error', () => {}).resume();
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  const connection = await connectionTo(`127.0.0.1:${port}`);
  await Promise.all([connection.connect(), connection.connect(), connection.connect()]);
  await connection.connect();
  // Connections are taken in their order: behind a last one all are counted.
  const last = connect(port, '127.0.0.1');
  await expect.poll(() => connections >= 2 && !last.connecting).toBe(true);
  expect(connections).toBe(2);
  last.destroy();
  await connection.disconnect();
});

test('what a broker may keep goes over a connection of its own, and has time for that', async () => {
  const asked: unknown[] = [];
  const getConnection = async (index: number) => ({
    send: async ({ requestTimeout }: { requestTimeout: number | null }) =>
      void asked.push([index, requestTimeout]),
  });
  const request = {
    name: 'x',
    key: 99,
    version: 0,
    flexible: false,
    write: () => {},
    read: () => 0,
  };
  const pool = { getConnection } as unknown as ConnectionPool;
  await sent(pool, request);
  await sent(pool, { ...request, keptFor: 0 });
  await sent(pool, { ...request, keptFor: 60_000 });
  expect(asked).toEqual([
    [0, null],
    [1, null],
    [1, 65_000],
  ]);
});

test('a broker that is gone can be tried any number of times without a warning', async () => {
  const warnings: Error[] = [];
  const warn = (warning: Error) => void warnings.push(warning);
  process.on('warning', warn);
  onTestFinished(() => void process.off('warning', warn));
  const connection = await connectionTo('127.0.0.1:1');
  await expect(connection.connect()).rejects.toThrow('ECONNREFUSED');
  for (let i = 0; i < 15; i++) await connection.disconnect();
  await new Promise((told) => setImmediate(told));
  expect(warnings).toEqual([]);
});
