import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Kafka } from 'kafkajs';
import { afterEach, expect, test } from 'vitest';
import { createTopic } from '../../../lib/src/admin/create-topic.ts';
import { type BrokerLease, leaseBroker } from '../../../lib/src/broker/index.ts';
import { quick } from '../../../lib/src/lab/settings.ts';
import {
  guardOf,
  kafkasOn,
  processesOf,
  stateForEachTest,
  supervisorOf,
  until,
} from '../../support/broker.ts';
import { KAFKA_LAB, kafkaLab, Started, waitUntil } from '../../support/command.ts';
import { membersOf } from '../../support/kafka-tools.ts';

interface Finding {
  what: string;
  fix: string;
}

const state = stateForEachTest();
const atEnd: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of atEnd.splice(0)) await end();
});

/** What the doctor says; set-up's own state is left out: somebody may just be changing the sources. */
async function examined(env: Record<string, string> = {}) {
  const { code, output } = await kafkaLab(state.path, ['doctor', '--json'], env).ended;
  const report = JSON.parse(output);
  expect(code).toBe(report.healthy ? 0 : 1);
  const findings = (report.findings as Finding[]).filter(({ fix }) => fix !== 'npm run setup');
  return { report, findings, output };
}

/** Types the command of a finding into a shell. */
async function mend({ fix }: Finding): Promise<void> {
  const lab = `"${process.execPath}" "${KAFKA_LAB}"`;
  const line = fix.replace('npx --no kafka-lab', lab);
  const { code, output } = await new Started('sh', ['-c', line], { KAFKA_LAB_STATE: state.path })
    .ended;
  expect({ code, output }).toMatchObject({ code: 0 });
}

test('a Kafka that does not run is said, and not started', async () => {
  const { report, findings } = await examined();
  expect(findings).toEqual([]);
  expect(report.kafka).toEqual({
    ...{ running: false, origin: 'embedded', supervisor: null, ownBrokers: [] },
  });
  expect(report.versions).toMatchObject({
    Node: process.versions.node,
    Kafka: expect.stringMatching(/^\d/),
  });
  expect(processesOf(state.path)).toEqual([]);
  const { output } = await kafkaLab(state.path, ['doctor']).ended;
  expect(output).toMatch(/^Kafka {7}not running/);
});

test('ghosts, groups and topics of runs that are over are told from live ones, and mended', {
  timeout: 180_000,
}, async () => {
  const lease = await leaseBroker({ holder: '05-scaling.abc' });
  atEnd.push(() => lease.release());
  const kafka = new Kafka({ clientId: 'test', ...lease.connection, logLevel: 0 });
  for (const topic of ['orders', 'orders.05-scaling.abc', 'orders.05-scaling.xyz'])
    await createTopic((settings) => kafka.admin(settings), { topic });
  const member = async (clientId: string, groupId: string, topic: string, settings = {}) => {
    const consumer = new Kafka({ clientId, ...lease.connection, logLevel: 0 }).consumer({
      groupId,
      ...quick,
      ...settings,
      retry: { retries: 0 },
    });
    atEnd.push(() => consumer.disconnect().catch(() => undefined));
    await consumer.connect();
    await consumer.subscribe({ topics: [topic] });
    const joined = new Promise((done) => consumer.on(consumer.events.GROUP_JOIN, done));
    await consumer.run({ eachMessage: async () => undefined });
    await joined;
    return consumer;
  };
  await member('alive', 'shipping.05-scaling.abc', 'orders.05-scaling.abc');
  // As good as dead: it says nothing any more, and does not hear that it was put out.
  const silent = { heartbeatInterval: 120_000, sessionTimeout: 180_000 };
  const dead = await member('dead', 'shipping.05-scaling.xyz', 'orders.05-scaling.xyz', silent);
  // Nor does it ask for records: told that its topic is gone, it would join anew.
  dead.pause([{ topic: 'orders.05-scaling.xyz' }]);
  await member('somebody', 'own-program', 'orders');
  const terminal = kafkaLab(state.path, ['consume', 'orders', '--group', 'billing']);
  await terminal.says(/owns partition/);
  expect((await examined()).report.runs.ghosts).toMatchObject([{ member: 'dead' }]);
  terminal.kill('SIGKILL');
  await terminal.ended;

  const { findings, output } = await examined();
  const whats = findings.map(({ what }) => what);
  expect(whats).toContain(
    '2 stale members have no process any more: billing-1 of group billing, dead of group shipping.05-scaling.xyz.',
  );
  expect(whats).toContain(
    'Left by runs that are over: topic orders.05-scaling.xyz, group shipping.05-scaling.xyz.',
  );
  expect(output).not.toMatch(/billing-1-[0-9a-f]{8}/);
  const sweep = findings.find(({ what }) => what.includes('stale'))!;
  await mend(sweep);
  const after = await examined();
  expect(after.report.runs).toEqual({ topics: [], groups: [], ghosts: [] });
  const { brokers } = lease.connection;
  expect(await membersOf(brokers, 'billing')).toEqual([]);
  expect(await membersOf(brokers, 'own-program')).toHaveLength(1);
  expect(await membersOf(brokers, 'shipping.05-scaling.abc')).toHaveLength(1);
});

test('a supervisor that hangs, a Kafka without one, and the files of both: each has its command', {
  timeout: 180_000,
}, async () => {
  await leaseBroker({ holder: 'test' });
  process.kill(supervisorOf(state.path)!, 'SIGSTOP');
  const hanging = await examined();
  expect(hanging.findings).toMatchObject([
    { what: expect.stringMatching(/looks after Kafka .* does not answer/) },
  ]);
  await mend(hanging.findings[0]!);
  expect((await examined()).report.kafka.running).toBe(false);

  await leaseBroker({ holder: 'test' });
  const [pid] = kafkasOn(state.path) as [number];
  // Stopped first: else it may see that the guard has gone, and end Kafka itself.
  process.kill(supervisorOf(state.path)!, 'SIGSTOP');
  process.kill(guardOf(pid), 'SIGKILL');
  process.kill(supervisorOf(state.path)!, 'SIGKILL');
  await until(() => supervisorOf(state.path) === undefined, 'the supervisor to be gone');
  const left = await examined();
  expect(left.findings[0]!.what).toBe(
    `A Kafka (process ${pid}) runs that nobody looks after any more.`,
  );
  await mend(left.findings[0]!);
  expect(kafkasOn(state.path)).toEqual([]);

  mkdirSync(join(state.path, 'services'), { recursive: true });
  const facts = join(state.path, 'services', 'email.08.abc.999999999.1.jsonl');
  const own = join(state.path, 'services', `email.08.abc.${process.pid}.1.jsonl`);
  for (const file of [facts, own]) writeFileSync(file, '');
  const files = await examined();
  expect(files.findings).toHaveLength(1);
  expect(files.report.leftovers.paths).toContain(facts);
  await mend(files.findings[0]!);
  expect((await examined()).findings).toEqual([]);
  expect([existsSync(facts), existsSync(own)]).toEqual([false, true]);
});

test('a topic whose metadata is gone is told of, a start on it refused, and it is kept when moved away', {
  timeout: 120_000,
}, async () => {
  const topicsOf = async ({ connection, release }: BrokerLease, make: string[]) => {
    const kafka = new Kafka({ ...connection, logLevel: 0 });
    for (const topic of make) await createTopic((settings) => kafka.admin(settings), { topic });
    const admin = kafka.admin();
    await admin.connect();
    const found = await admin.listTopics();
    await admin.disconnect();
    await release();
    return found.filter((topic) => !topic.startsWith('__'));
  };
  const here = () => leaseBroker({ holder: 'test', linger: 0 });
  expect(await topicsOf(await here(), ['orders'])).toEqual(['orders']);
  const folder = join(state.path, 'data', 'kafka');
  const log = join(folder, 'log', '__cluster_metadata-0', '00000000000000000000.log');
  truncateSync(log);
  const before = sizesIn(folder);
  expect(before).toContainEqual(expect.stringContaining('orders-0'));

  const { findings, report } = await examined();
  expect(report.data).toEqual({ damaged: true, topics: 1 });
  expect(findings).toMatchObject([{ what: expect.stringContaining('It holds 1 topic.') }]);
  const refused = { code: 'BROKER_FAILED', fix: expect.stringContaining(findings[0]!.fix) };
  await expect(here()).rejects.toMatchObject(refused);
  expect(sizesIn(folder)).toEqual(before);

  await mend(findings[0]!);
  expect((await examined()).findings).toEqual([]);
  expect(await topicsOf(await here(), [])).toEqual([]);
  expect(sizesIn(`${folder}.damaged`)).toEqual(before);
});

/** Everything below a folder, with its size in bytes. */
function sizesIn(folder: string): string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return paths.map((path) => `${path} ${statSync(join(folder, path)).size}`);
}

test('a JupyterLab is shown with its kernels and without its token; one that hangs is named', async () => {
  const path = join(state.path, 'jupyter', 'run');
  mkdirSync(path, { recursive: true });
  let isWell = true;
  const server = createServer((request, response) => {
    if (request.headers.authorization !== 'token secret-token') response.statusCode = 403;
    const kernel = { execution_state: 'idle' };
    if (isWell) response.end(JSON.stringify([{ path: '05-scaling.ipynb', kernel }]));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  atEnd.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  // Stands for the process of the server: known by what it runs.
  const child = spawn('sh', ['-c', 'sleep 60; :', 'lab_server.py'], { detached: true });
  atEnd.push(() => child.exitCode ?? child.signalCode ?? process.kill(-child.pid!, 'SIGKILL'));
  const about = { pid: child.pid, url, token: 'secret-token' };
  writeFileSync(join(path, `jpserver-${child.pid}.json`), JSON.stringify(about));
  writeFileSync(
    join(path, 'jpserver-999999999.json'),
    JSON.stringify({ ...about, pid: 999999999 }),
  );

  const { report, output, findings } = await examined();
  expect(report.jupyterlab.servers).toEqual([
    { pid: child.pid, url, kernels: [{ notebook: '05-scaling.ipynb', state: 'idle' }] },
  ]);
  expect(output).not.toContain('secret-token');
  expect(findings.map(({ fix }) => fix)).toEqual(['npx --no kafka-lab doctor --clean']);
  isWell = false;
  const hanging = (await examined()).findings[0]!;
  expect(hanging.fix).toBe(`kill -9 ${child.pid}`);
  await mend(hanging);
  await waitUntil(() => child.signalCode, 'the server to be gone');
  await mend(findings[0]!);
  expect((await examined()).findings).toEqual([]);
});

test('an address where no Kafka is, or that is none, is a finding without the password', async () => {
  const secrets = { KAFKA_SASL_USERNAME: 'ann', KAFKA_SASL_PASSWORD: 'pa55word' };
  for (const servers of ['127.0.0.1:1', 'ann:pa55word@host']) {
    const env = { KAFKA_BOOTSTRAP_SERVERS: servers, ...secrets };
    const { findings, output } = await examined(env);
    expect(findings).toHaveLength(1);
    expect(output).not.toContain('pa55word');
    const lab = `"${process.execPath}" "${KAFKA_LAB}" doctor --json`;
    const line = `${findings[0]!.fix}; ${lab}`;
    const healed = await new Started('sh', ['-c', line], { ...env, KAFKA_LAB_STATE: state.path })
      .ended;
    expect(JSON.parse(healed.output).kafka).toMatchObject({ running: false, origin: 'embedded' });
  }
});
