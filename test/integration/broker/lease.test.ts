import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { Kafka } from 'kafkajs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { brokerStatus, leaseBroker, stopBroker } from '../../../lib/src/broker/index.ts';
import {
  holderProcess,
  kafkasOn,
  listening,
  stateForEachTest,
  supervisorOf,
  until,
} from '../../support/broker.ts';

// A busy machine takes its time; what must be quick has a limit of its own.
vi.setConfig({ testTimeout: 90_000 });

const state = stateForEachTest();
const here = () => leaseBroker({ holder: 'here', linger: 0 });

function leftInRun(): string[] {
  return existsSync(join(state.path, 'run')) ? readdirSync(join(state.path, 'run')) : [];
}

test('a lease is a Kafka that answers, on 127.0.0.1 only, in less than 200 MB', async () => {
  const lease = await here();
  expect(lease).toMatchObject({ origin: 'embedded', version: '4.3.1' });
  const admin = new Kafka(lease.connection).admin();
  await admin.connect();
  const { brokers } = await admin.describeCluster();
  await admin.disconnect();
  expect(brokers.map(({ host, port }) => `${host}:${port}`)).toEqual(lease.connection.brokers);

  const [kafka] = kafkasOn(state.path);
  const addresses = [...listening(kafka!), ...listening(supervisorOf(state.path)!)];
  // Broker, controller, supervisor. A Java that listens for IPv6 too says 127.0.0.1 in its words.
  expect(addresses).toHaveLength(3);
  for (const address of addresses)
    expect(['0100007F', '0000000000000000FFFF00000100007F']).toContain(address);
  const kib = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${kafka}/status`, 'utf8'))![1]);
  expect(kib / 1024).toBeLessThan(200);
  await lease.release();
});

test('released by the last with nothing to wait for, Kafka is gone when release() resolves', async () => {
  const lease = await here();
  expect(kafkasOn(state.path)).toHaveLength(1);
  await lease.release();
  expect(kafkasOn(state.path)).toEqual([]);
  await until(() => leftInRun().length === 0, 'lock and address to be removed');
  await lease.release();
});

test('five processes at once get the same broker', async () => {
  const holders = Array.from({ length: 5 }, () => holderProcess());
  const answers = await Promise.all(holders.map(({ ready }) => ready));
  expect(new Set(answers.map(({ brokers }) => brokers.join()))).toHaveProperty('size', 1);
  expect(kafkasOn(state.path)).toHaveLength(1);
  expect(await brokerStatus()).toMatchObject({ running: true, holders: Array(5).fill('test') });
});

test('it stays for the others, and as long as the last one asked', async () => {
  const kernel = holderProcess(5000);
  await kernel.ready;
  const lease = await here();
  await lease.release();
  expect(await brokerStatus()).toMatchObject({ running: true, holders: ['test'] });
  const gone = performance.now();
  await kernel.release();
  expect(await brokerStatus()).toMatchObject({ running: true, holders: [] });
  await until(() => kafkasOn(state.path).length === 0, 'Kafka to stop', 30_000);
  expect(performance.now() - gone).toBeGreaterThan(4900);
});

test('a lease while Kafka still stops waits for the next one', async () => {
  const first = await here();
  // Its limit, by which it would be released, too, never comes.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const released = first.release();
  expect(vi.getTimerCount()).toBe(1);
  vi.useRealTimers();
  const second = await here();
  // Whether the second came before Kafka's end or after it, the first does not wait for what does not happen.
  await released;
  const status = await brokerStatus();
  expect(status).toMatchObject({
    running: true,
    brokers: second.connection.brokers,
    holders: ['here'],
  });
  await second.release();
});

test('status and stop', async () => {
  expect(await brokerStatus()).toEqual({ running: false });
  expect(await stopBroker()).toBe(false);
  const holder = holderProcess(60_000);
  const { brokers } = await holder.ready;
  const [pid] = kafkasOn(state.path);
  expect(await brokerStatus()).toMatchObject({
    running: true,
    origin: 'embedded',
    pid,
    brokers,
    version: '4.3.1',
  });
  expect(await stopBroker()).toBe(true);
  expect(kafkasOn(state.path)).toEqual([]);
  expect(leftInRun()).toEqual([]);
  expect(await holder.error).toMatchObject({
    code: 'BROKER_LOST',
    message: expect.stringContaining('stopped'),
  });
});

test('the port is the same after a restart, unless somebody has taken it', async () => {
  const first = await here();
  await first.release();
  const second = await here();
  await second.release();
  expect(second.connection).toEqual(first.connection);
  const port = Number(first.connection.brokers[0]!.split(':')[1]);
  const squatter = createServer().listen(port, '127.0.0.1');
  await new Promise((resolve) => squatter.once('listening', resolve));
  const third = await here();
  expect(third.connection).not.toEqual(first.connection);
  await third.release();
  squatter.close();
});

test('an interrupt ends the waiting, and Kafka with it', async () => {
  const interrupt = new AbortController();
  const asked = leaseBroker({ holder: 'here', linger: 0, signal: interrupt.signal });
  setTimeout(() => interrupt.abort(), 300);
  await expect(asked).rejects.toMatchObject({ code: 'INTERRUPTED' });
  await until(() => leftInRun().length === 0, 'the supervisor to be gone', 20_000);
  expect(kafkasOn(state.path)).toEqual([]);
});

test('an interrupt that comes while the connection is made leaves no hold behind', async () => {
  const lease = await here();
  const asked = leaseBroker({ holder: 'interrupted', signal: AbortSignal.abort() });
  await expect(asked).rejects.toMatchObject({ code: 'INTERRUPTED' });
  const holders = async () => (await brokerStatus()) as { holders?: string[] };
  await expect.poll(async () => (await holders()).holders).toEqual(['here']);
  await lease.release();
});

test('a supervisor lets in nobody without its token', async () => {
  const lease = await here();
  const { port } = JSON.parse(readFileSync(join(state.path, 'run', 'supervisor.json'), 'utf8'));
  const socket = connect(Number(port), '127.0.0.1');
  let heard = '';
  socket.on('data', (data) => (heard += String(data)));
  socket.write('{"ask":"stop","token":"guess"}\n');
  await new Promise((resolve) => socket.once('close', resolve));
  expect(heard).toBe('');
  expect(await brokerStatus()).toMatchObject({ running: true });
  await lease.release();
});
