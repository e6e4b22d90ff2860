import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ChannelModel, type ConsumeMessage, connect } from 'amqplib';
import { afterEach, expect, test } from 'vitest';
import { leaseQueue } from '../../../lib/src/amqp/index.ts';
import { type Lab, openLab, type Queue } from '../../../lib/src/lab/index.ts';
import { processCommand, processStart } from '../../../lib/src/processes/processes.ts';
import { guardOf, listening, processesOf, until } from '../../support/broker.ts';
import { kafkaLab } from '../../support/command.ts';
import { ownState, recordingHost } from '../../support/lab.ts';
import { holderOfQueue } from '../../support/queue.ts';

const LIMIT = 60_000;
delete process.env['AMQP_URL']; // of whoever runs this
const state = ownState();
const host = recordingHost();
const connections: ChannelModel[] = [];

afterEach(async () => {
  for (const connection of connections.splice(0)) await connection.close().catch(() => {});
});

async function connected(queue: { url: string }): Promise<ChannelModel> {
  const connection = await connect(queue.url);
  connection.on('error', () => {});
  connections.push(connection);
  return connection;
}

/** A reader of a queue that is handed one message at a time, and acknowledges what it is told to. */
async function reader(queue: Queue, isAcknowledged: (n: number) => boolean = () => true) {
  const connection = await connected(queue);
  const channel = await connection.createChannel();
  await channel.prefetch(1);
  const seen: ConsumeMessage[] = [];
  await channel.consume(queue.name, (message) => {
    if (!message) return;
    seen.push(message);
    if (isAcknowledged(seen.length)) channel.ack(message);
  });
  const texts = () => seen.map(({ content }) => content.toString());
  const leave = async () => {
    await channel.close(); // else amqplib may close the connection before it sends the last ack
    await connection.close();
  };
  return { connection, seen, texts, leave };
}

async function send(queue: Queue, texts: string[]): Promise<void> {
  const channel = await (await connected(queue)).createConfirmChannel();
  for (const text of texts) channel.sendToQueue(queue.name, Buffer.from(text));
  await channel.waitForConfirms();
}

const orders = (count: number) => Array.from({ length: count }, (_, n) => `order ${n}`);
const qpids = () =>
  processesOf(state).filter((pid) => processCommand(pid).includes(' org.apache.qpid.server.Main '));
const java = () => qpids().filter((pid) => !processCommand(pid).includes('kafka-guard'));

const sessionOf = (pid: number) => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3];
};

let lab: Lab;

test('what is sent is confirmed and counted; read once, it is gone for everybody', {
  timeout: LIMIT,
}, async () => {
  lab = await openLab('queues');
  const queue = await lab.queue('orders');
  expect(queue.name).toBe(`orders.${lab.run}`);
  await send(queue, orders(12));
  expect(await queue.messages()).toBe(12);
  const first = await reader(queue);
  await lab.until('the first to have read all', () => first.seen.length === 12);
  expect(first.texts()).toEqual(orders(12));
  const second = await reader(queue);
  await send(queue, ['one more']);
  await lab.until('one of both to have it', () => first.seen.length + second.seen.length === 13);
  await second.leave();
  await first.leave();
  expect(await queue.messages()).toBe(0);
});

test('readers with prefetch 1 compete: each message goes to one of them', {
  timeout: LIMIT,
}, async () => {
  const queue = await lab.queue('shared');
  const readers = [await reader(queue), await reader(queue)];
  await send(queue, orders(40));
  const all = () => readers.flatMap((one) => one.texts());
  await lab.until('all to be read', () => all().length === 40);
  expect(all().sort()).toEqual(orders(40).sort());
  for (const { seen } of readers) expect(seen.length).toBeGreaterThan(0);
});

test('a reader that dies gives back what it has not acknowledged, marked as redelivered', {
  timeout: LIMIT,
}, async () => {
  const queue = await lab.queue('redelivery');
  await send(queue, orders(3));
  const dying = await reader(queue, (n) => n === 1);
  await lab.until('it to hold the second', () => dying.seen.length === 2);
  const { stream } = dying.connection.connection as unknown as {
    stream: { destroy(error: Error): void };
  };
  stream.destroy(new Error('cut'));
  const next = await reader(queue);
  await lab.until('the next to have read two', () => next.seen.length === 2);
  expect(next.texts()).toEqual(['order 1', 'order 2']);
  expect(next.seen.map(({ fields }) => fields.redelivered)).toEqual([true, false]);
});

test('a cell that is run again gets a fresh queue, on the same broker', {
  timeout: LIMIT,
}, async () => {
  const before = java();
  const queue = await lab.queue('orders');
  expect(queue.name).toBe(`orders-2.${lab.run}`);
  expect(await queue.messages()).toBe(0);
  expect(java()).toEqual(before);
});

test('an experiment is measured on both brokers, from before it to its end', {
  timeout: LIMIT,
}, async () => {
  const queue = await lab.queue('measured');
  const topic = await lab.topic('measured', { partitions: 2 });
  const depths = lab.measure({ queue, topic }, async () => {
    await send(queue, orders(5));
    const one = await reader(queue);
    await lab.until('all to be read', () => one.seen.length === 5);
    await one.leave();
  });
  await depths.done;
  const { samples } = depths;
  expect(samples[0]).toMatchObject({ queued: 0, start: 0, end: 0 });
  expect(samples.at(-1)).toMatchObject({ queued: 0, start: 0, end: 0 });
  const failing = lab.measure({ queue, topic }, () => Promise.reject(new Error('on purpose')));
  await expect(failing.done).rejects.toThrow('on purpose');
});

test('it listens on this machine alone, and its password is nowhere to be read', {
  timeout: LIMIT,
}, async () => {
  const { url } = await lab.queue('secret');
  const { username, password } = new URL(url);
  expect([username, password.length]).toEqual(['lab', 48]);
  const [pid] = java();
  expect(listening(pid as number).length).toBeGreaterThan(0);
  for (const address of listening(pid as number)) expect(address).toMatch(/0100007F$/);
  // An interrupt goes to all processes of a kernel's session: Qpid is in none of those.
  expect(sessionOf(pid as number)).not.toBe(sessionOf(process.pid));
  const commands = processesOf(state).map(processCommand);
  expect(commands.filter((command) => command.includes(password))).toEqual([]);
  // Not those below data: Kafka replaces some of its own all the time.
  const files = ['logs', 'queue', 'run']
    .flatMap((room) => readdirSync(join(state, room), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const holding = (text: string) => files.filter((file) => readFileSync(file).includes(text));
  expect(holding('Qpid Broker Ready')).toHaveLength(1);
  expect(holding(password)).toEqual([]);
  await expect(connect(url.replace(password, 'wrong'))).rejects.toThrow('Authentication failed');
});

test('one that is killed is reported, and the next who asks gets a new one', {
  timeout: LIMIT,
}, async () => {
  const queue = await lab.queue('lost');
  const before = queue.url;
  expect(host.failures).toEqual([]);
  process.kill(java()[0] as number, 'SIGKILL');
  await until(() => host.failures.length > 0, 'its loss to be reported');
  expect(host.failures.splice(0)).toEqual([expect.objectContaining({ code: 'QUEUE_LOST' })]);
  const next = await lab.queue('lost');
  expect(next.url).not.toBe(before);
  expect(await next.messages()).toBe(0);
});

test('when the lab closes nothing stays, and clients that are connected are told without an error', {
  timeout: LIMIT,
}, async () => {
  const connection = await connect((await lab.queue('open')).url);
  const events: string[] = [];
  for (const event of ['error', 'close']) connection.on(event, () => events.push(event));
  await lab.close();
  await until(() => events.length > 0, 'the client to be told');
  expect(events).toEqual(['close']);
  await until(() => qpids().length === 0, 'Qpid and its guard to be gone');
  expect(readdirSync(join(state, 'queue'))).toEqual([]);
  expect(host.failures).toEqual([]);
});

test('a holder that is killed takes its queue along; what it leaves, the next clears', {
  timeout: LIMIT,
}, async () => {
  const holder = holderOfQueue();
  await holder.ready;
  const [pid] = java();
  holder.kill();
  await until(() => qpids().length === 0, `Qpid ${pid} to be gone`);
  const lease = await leaseQueue({ holder: 'next' });
  expect(readdirSync(join(state, 'queue')).filter((name) => name.startsWith('holder'))).toEqual([]);
  await lease.release();
});

test('a Qpid whose owner and guard are both dead is ended by the next start; a stranger is not', {
  timeout: LIMIT,
}, async () => {
  const holder = holderOfQueue();
  await holder.ready;
  const [pid] = java();
  const guard = qpids().find((id) => id !== pid) as number;
  process.kill(holder.pid, 'SIGSTOP'); // it cannot see its guard die
  process.kill(guard, 'SIGKILL');
  holder.kill();
  await until(() => processStart(holder.pid) === undefined, 'the holder to be gone');
  expect(java()).toEqual([pid]);
  const dead = { pid: 4_000_000, start: '1' };
  writeFileSync(
    join(state, 'queue', 'old.json'),
    JSON.stringify({ owner: dead, qpid: { pid: process.pid, start: '1' } }),
  );
  const lease = await leaseQueue({ holder: 'next' });
  expect(java()).not.toContain(pid);
  expect(existsSync(join(state, 'queue', 'old.json'))).toBe(false);
  await lease.release();
  expect(readdirSync(join(state, 'queue'))).toEqual([]);
});

test('the doctor names the queue that runs; one that outlived its owner is ended by its command', {
  timeout: LIMIT,
}, async () => {
  const ask = async () => JSON.parse((await kafkaLab(state, ['doctor', '--json']).ended).output);
  const holder = holderOfQueue();
  await holder.ready;
  const [pid] = java() as [number];
  const well = await ask();
  expect(well.queue).toMatchObject({ address: null, running: [{ pid }] });
  expect(JSON.stringify(well.findings)).not.toContain('although its notebook has ended');
  process.kill(holder.pid, 'SIGSTOP');
  process.kill(guardOf(pid), 'SIGKILL');
  holder.kill();
  await until(() => processStart(holder.pid) === undefined, 'the holder to be gone');
  expect((await ask()).findings).toContainEqual({
    what: `The queue of process ${pid} is still running, although its notebook has ended.`,
    fix: 'npx --no kafka-lab doctor --clean',
  });
  await kafkaLab(state, ['doctor', '--clean']).ended;
  expect((await ask()).queue.running).toEqual([]);
  expect(java()).toEqual([]);
  expect(readdirSync(join(state, 'queue'))).toEqual([]);
});

test('an interrupt while it starts leaves nothing', { timeout: LIMIT }, async () => {
  const interrupt = new AbortController();
  const lease = leaseQueue({ holder: 'hasty', signal: interrupt.signal });
  await until(() => java().length === 1, 'Qpid to start');
  interrupt.abort();
  await expect(lease).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(java()).toEqual([]);
  expect(readdirSync(join(state, 'queue'))).toEqual([]);
});
