import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { expect, test, vi } from 'vitest';
import { createTopic } from '../../../lib/src/admin/create-topic.ts';
import { damageOf } from '../../../lib/src/broker/embedded/damage.ts';
import { startKafka } from '../../../lib/src/broker/embedded/embedded.ts';
import { format, newClusterId } from '../../../lib/src/broker/embedded/format.ts';
import { formatByTool } from '../../../lib/src/broker/embedded/format-tool.ts';
import { freePort } from '../../../lib/src/broker/embedded/ports.ts';
import { type BrokerLease, leaseBroker } from '../../../lib/src/broker/index.ts';
import { root } from '../../../lib/src/paths.ts';
import { quoted } from '../../../lib/src/shell.ts';
import {
  guardOf,
  holderProcess,
  kafkasOn,
  stateForEachTest,
  supervisorOf,
  until,
} from '../../support/broker.ts';

// A busy machine takes its time.
vi.setConfig({ testTimeout: 90_000 });

const state = stateForEachTest();
const here = () => leaseBroker({ holder: 'here', linger: 0 });
/** Whatever ends it: without that it would run on for ever. */
const untilGone = () => until(() => kafkasOn(state.path).length === 0, 'Kafka to be gone', 15_000);
const lossOf = (lease: BrokerLease) => new Promise<Error>((resolve) => lease.onLost(resolve));

/** Starts a Kafka on the folder that it is given, and prints why that fails. */
const START = `
  import(${JSON.stringify(pathToFileURL(join(root, 'lib', 'dist', 'broker', 'embedded', 'embedded.js')))})
    .then(({ startKafka }) => startKafka({ dir: process.argv[1], logFile: process.argv[1] + '.log' }))
    .then((kafka) => kafka.stop(), (error) => console.log(error.message))`;

function client({ connection }: BrokerLease): Kafka {
  return new Kafka({ ...connection, logLevel: logLevel.NOTHING });
}

async function produce(lease: BrokerLease, topic: string, count: number): Promise<void> {
  await createTopic((settings) => client(lease).admin(settings), { topic });
  const producer = client(lease).producer();
  await producer.connect();
  await producer.send({
    topic,
    messages: Array.from({ length: count }, (_, n) => ({ value: `${n}` })),
  });
  await producer.disconnect();
}

async function consume(lease: BrokerLease, topic: string, count: number): Promise<string[]> {
  const values: string[] = [];
  const consumer = client(lease).consumer({ groupId: 'g', maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => void values.push(String(message.value)),
  });
  await until(() => values.length >= count, `${count} records`);
  await consumer.disconnect();
  return values;
}

test('holder killed: Kafka is gone', async () => {
  const holder = holderProcess(0);
  await holder.ready;
  holder.kill();
  await untilGone();
  await until(
    () => readdirSync(join(state.path, 'run')).length === 0,
    'lock and address to be removed',
  );
});

test('holder killed while Kafka starts: Kafka is gone', async () => {
  const holder = holderProcess(0);
  await until(() => kafkasOn(state.path).length > 0, 'Kafka to start');
  holder.kill();
  await untilGone();
  await until(
    () => readdirSync(join(state.path, 'run')).length === 0,
    'lock and address to be removed',
  );
});

test('supervisor killed: Kafka goes with it, the holder is told, the next lease works', async () => {
  const lease = await here();
  const lost = lossOf(lease);
  process.kill(supervisorOf(state.path)!, 'SIGKILL');
  await untilGone();
  expect(await lost).toMatchObject({
    code: 'BROKER_LOST',
    fix: expect.stringContaining('is started again'),
  });
  await lease.release();
  const next = await here();
  await next.release();
});

test('Kafka killed: the holder is told how, the next lease has the same port and all records', async () => {
  const lease = await here();
  await produce(lease, 'orders', 100);
  const lost = lossOf(lease);
  process.kill(kafkasOn(state.path)[0]!, 'SIGKILL');
  const error = await lost;
  expect(error).toMatchObject({ code: 'BROKER_LOST', what: 'Kafka was ended by SIGKILL.' });
  expect(error.message).toContain(join(state.path, 'logs', 'kafka.log'));
  expect(damageOf(join(state.path, 'data', 'kafka'))).toBeUndefined();
  const next = await here();
  expect(next.connection).toEqual(lease.connection);
  expect(await consume(next, 'orders', 100)).toEqual(Array.from({ length: 100 }, (_, n) => `${n}`));
  await next.release();
});

test('guard killed: Kafka does not run unguarded', async () => {
  const lease = await here();
  const lost = lossOf(lease);
  process.kill(guardOf(kafkasOn(state.path)[0]!), 'SIGKILL');
  await untilGone();
  expect(await lost).toMatchObject({ code: 'BROKER_LOST' });
});

test('a Kafka that outlived supervisor and guard is ended by the next lease', async () => {
  const lease = await here();
  const [kafka] = kafkasOn(state.path);
  const guard = guardOf(kafka!);
  process.kill(guard, 'SIGSTOP');
  process.kill(supervisorOf(state.path)!, 'SIGKILL');
  await lossOf(lease);
  expect(kafkasOn(state.path)).toEqual([kafka]);
  const next = await here();
  expect(kafkasOn(state.path)).toHaveLength(1);
  expect(kafkasOn(state.path)).not.toContain(kafka);
  process.kill(guard, 'SIGKILL');
  await next.release();
});

test('supervisor killed at any moment of the first start: the next lease works', async () => {
  for (const moment of [60, 120, 250, 500, 900]) {
    holderProcess(0);
    await until(() => supervisorOf(state.path), 'a supervisor');
    await sleep(moment);
    const supervisor = supervisorOf(state.path)!;
    process.kill(supervisor, 'SIGKILL');
    // Those who wait may have had another one started by then.
    await until(() => supervisorOf(state.path) !== supervisor, 'the supervisor to be gone');
    expect(damageOf(join(state.path, 'data', 'kafka'))).toBeUndefined();
  }
  // The five who wait have meanwhile had another one started, and share it.
  const lease = await here();
  expect(kafkasOn(state.path)).toHaveLength(1);
  await lease.release();
});

test.each([
  ['nothing but the first file', (log: string) => rmSync(join(log, 'meta.properties'))],
  ['a last file without content', (log: string) => writeFileSync(join(log, 'meta.properties'), '')],
])('cut off while formatting, %s: formatted again', async (_, damage) => {
  const log = join(state.path, 'data', 'kafka', 'log');
  format(log, { nodeId: 1, clusterId: newClusterId() });
  damage(log);
  const lease = await here();
  await produce(lease, 'orders', 1);
  await lease.release();
});

test('data that Kafka does not accept: every asker is told what to do', async () => {
  const log = join(state.path, 'data', 'kafka', 'log');
  format(log, { nodeId: 7, clusterId: newClusterId() });
  const told = [holderProcess(0).error, holderProcess(0).error];
  for (const { code, message } of await Promise.all(told)) {
    expect(code).toBe('BROKER_FAILED');
    expect(message).toMatch(/exit code 1/);
    const folder = join(state.path, 'data', 'kafka');
    expect(message).toContain(
      `Move it away, with: mv ${quoted(folder)} ${quoted(`${folder}.damaged`)}`,
    );
  }
  mkdirSync(join(log, '__cluster_metadata-0'));
  writeFileSync(join(log, 'meta.properties'), 'version=1\n');
  await expect(here()).rejects.toMatchObject({
    code: 'BROKER_FAILED',
    what: expect.stringContaining('damaged'),
  });
});

test('too few open files: said as such, and nothing is to be deleted', async () => {
  const limited = ['-c', 'ulimit -n 64; exec "$0" "$@"', process.execPath, '-e', START];
  const folder = join(state.path, 'data', 'kafka');
  const { stdout } = await promisify(execFile)('bash', [...limited, folder], { timeout: 60_000 });
  expect(stdout).toMatch(/not allowed to open as many files.*ulimit -n 4096/s);
  expect(stdout).not.toMatch(/damaged|delete/i);
});

test('a port that is taken between being chosen and being bound is stepped around', async () => {
  const [broker, controller, other] = [await freePort(), await freePort(), await freePort()];
  const squatter = createServer().listen(broker, '127.0.0.1');
  await new Promise((resolve) => squatter.once('listening', resolve));
  const offered = [
    { broker, controller },
    { broker: other, controller },
  ];
  const kafka = await startKafka({
    dir: join(state.path, 'data', 'kafka'),
    logFile: join(state.path, 'logs', 'kafka.log'),
    choosePorts: async () => offered.shift()!,
  });
  expect(kafka.brokers).toEqual([`127.0.0.1:${other}`]);
  expect(await kafka.stop(30_000)).toMatchObject({ code: 143 });
  squatter.close();
});

test('Kafka listens where a tutorial looks for it, once no other program does', async () => {
  const usualPort = await freePort();
  const files = { dir: join(state.path, 'data', 'kafka'), logFile: join(state.path, 'kafka.log') };
  const addressOf = async (look: () => Promise<unknown> = async () => {}) => {
    const kafka = await startKafka({ ...files, usualPort });
    await look();
    await kafka.stop();
    return kafka.brokers[0];
  };
  const byName = async () => {
    const { Kafka } = await import('kafkajs');
    const admin = new Kafka({ brokers: [`localhost:${usualPort}`], logLevel: 0 }).admin();
    await admin.connect();
    expect((await admin.describeCluster()).brokers).toMatchObject([{ port: usualPort }]);
    await admin.disconnect();
  };
  const squatter = createServer().listen(usualPort, '::1');
  await new Promise((resolve) => squatter.once('listening', resolve));
  expect(await addressOf()).not.toBe(`127.0.0.1:${usualPort}`);
  await new Promise((resolve) => squatter.close(resolve));
  expect(await addressOf(byName)).toBe(`127.0.0.1:${usualPort}`);
});

test("what a new cluster begins with is what Kafka's own formatter writes", async () => {
  const [ours, theirs] = [join(state.path, 'ours'), join(state.path, 'theirs')];
  const clusterId = newClusterId();
  format(join(ours, 'log'), { nodeId: 1, clusterId });
  await formatByTool({ dir: theirs, nodeId: 1, clusterId });
  const records = (dir: string) =>
    withoutTimes(readFileSync(join(dir, 'log', 'bootstrap.checkpoint')));
  expect(records(ours)).toEqual(records(theirs));
  const keys = (dir: string) =>
    readFileSync(join(dir, 'log', 'meta.properties'), 'utf8')
      .match(/^[a-z.]+(?==)/gm)
      ?.sort();
  expect(keys(ours)).toEqual(keys(theirs));
});

/** Record batches (offset, size, epoch, magic, CRC, …) without the sums and the times of day. */
function withoutTimes(file: Buffer): Buffer[] {
  const batches: Buffer[] = [];
  for (let at = 0; at < file.length; ) {
    const end = at + 12 + file.readInt32BE(at + 8);
    const batch = Buffer.from(file.subarray(at, end));
    batches.push(batch.fill(0, 17, 21).fill(0, 27, 43));
    at = end;
  }
  // The header's record holds the time of the snapshot too.
  return batches.map((batch, index) => (index === 0 ? batch.subarray(0, 61) : batch));
}
