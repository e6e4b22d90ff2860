import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTopic } from '../../../lib/src/admin/create-topic.ts';
import { type BrokerLease, leaseBroker } from '../../../lib/src/broker/index.ts';
import { tally } from '../../../lib/src/ledger/index.ts';
import { openRun } from '../../../lib/src/runs/index.ts';
import { npmProgram, withoutNpm } from '../../../setup/steps/npm.mjs';
import { ROOT, Started } from '../../support/command.ts';
import { folderForTest } from '../../support/folder.ts';
import { describeGroup, endOffsets } from '../../support/kafka-tools.ts';
import { ownState } from '../../support/lab.ts';

// The library is packed and installed with all that it needs.
vi.setConfig({ testTimeout: 240_000 });
ownState();
let lease: BrokerLease;
beforeAll(async () => {
  lease = await leaseBroker({ holder: 'own program', linger: 0 });
});
afterAll(() => lease.release());

/** All that such a program has of the lab: no address, no state folder. */
function environment(): Record<string, string> {
  const { KAFKA_LAB_STATE: _, ...env } = withoutNpm(process.env) as Record<string, string>;
  return { ...env, KAFKA_LAB_STATE: '' };
}

async function output(command: string, args: string[], cwd: string): Promise<string> {
  const { code, output } = await new Started(command, args, environment(), { cwd }).ended;
  expect(code, output).toBe(0);
  return output;
}

/** A folder with nothing but the packed library, installed as anybody would. */
async function project(): Promise<string> {
  const [program, ...before] = npmProgram(process.env);
  const npm = (args: string[], cwd: string) => output(program, [...before, ...args], cwd);
  const home = folderForTest();
  const folder = join(home, 'project');
  mkdirSync(folder);
  const listed = await npm(
    ['pack', '--json', '--silent', '--pack-destination', home],
    join(ROOT, 'lib'),
  );
  const [{ filename }] = JSON.parse(listed.slice(listed.indexOf('[')));
  const quietly = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
  const install = ['install', '--prefix', folder, ...quietly, '--loglevel=error'];
  await npm([...install, join(home, filename)], folder);
  return folder;
}

/** The lines that the README has for it. */
function fiveLines(): string {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const block = /```js\n(.*?recordRun.*?)```/s.exec(readme)?.[1] ?? '';
  expect(block.trim().split('\n')).toHaveLength(5);
  return block.replace('localhost:9092', lease.connection.brokers[0] as string);
}

/** A program as it was before it was recorded: it fails once, and ends when all is committed. */
const REST = `
const topic = 'bills';
const producer = kafka.producer();
await producer.connect();
const messages = Array.from({ length: 20 }, (_, n) => ({ key: 'secret-' + (n % 4), value: 'secret' }));
await producer.send({ topic, messages });
const consumer = kafka.consumer({ groupId: 'billing', retry: { initialRetryTime: 100 } });
await consumer.connect();
await consumer.subscribe({ topics: [topic], fromBeginning: true });
let handled = 0, hasFailed = false;
const done = new Promise((resolve) => consumer.run({ eachMessage: async () => {
  if (handled === 5 && !hasFailed) {
    hasFailed = true;
    throw new Error('secret');
  }
  if (++handled === 20) resolve();
} }));
await done;
await consumer.disconnect();
await producer.disconnect();
process.exit(0);
`;

test('a program that has only the packed library records its consumers by five lines', async () => {
  const folder = await project();
  const kafka = new Kafka({ ...lease.connection, logLevel: logLevel.NOTHING });
  await createTopic((settings) => kafka.admin(settings), { topic: 'bills', numPartitions: 2 });
  writeFileSync(join(folder, 'program.mjs'), `${fiveLines()}${REST}`);
  await output(process.execPath, ['program.mjs'], folder);
  const name = readdirSync(folder).find((file) => file.endsWith('.jsonl')) as string;
  const file = join(folder, name);
  expect(readFileSync(file, 'utf8')).not.toContain('secret');
  const ledger = openRun(file);
  const seen = tally(ledger, 'billing', 'bills');
  expect(seen).toMatchObject({ produced: 20, processed: 20, missing: [], repeated: [] });
  expect(ledger.records('failed')).toHaveLength(1);
  expect([
    ...ledger.trail('processed', { group: 'billing', topic: 'bills' }).byMember.keys(),
  ]).toEqual(['billing']);
  const { brokers } = lease.connection;
  const [ends, rows] = [
    await endOffsets(brokers, 'bills'),
    await describeGroup(brokers, 'billing'),
  ];
  for (const { partition, committed } of rows) {
    expect(ledger.trail('committed', { group: 'billing', topic: 'bills' }).newest(partition)).toBe(
      committed,
    );
    expect(ledger.log('bills').get(partition)?.end).toBe(ends[partition]);
  }
  const command = join(folder, 'node_modules', '.bin', 'kafka-lab');
  const said = await output(command, ['replay', name, '--no-open'], folder);
  expect(said.trim()).toBe(file.replace('.jsonl', '.html'));
  expect(readdirSync(folder).sort()).toEqual([
    ...['node_modules', 'package-lock.json', 'package.json', 'program.mjs'],
    ...[name.replace('.jsonl', '.html'), name],
  ]);
});
