import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type BrokerLease, leaseBroker } from '../../../lib/src/broker/index.ts';
import { tally } from '../../../lib/src/ledger/index.ts';
import { openRun } from '../../../lib/src/runs/index.ts';
import { KAFKA_LAB, Started } from '../../support/command.ts';
import { folderForTest } from '../../support/folder.ts';
import { describeGroup } from '../../support/kafka-tools.ts';
import { ownState } from '../../support/lab.ts';

// Each command starts a process, as does Kafka's own tool.
vi.setConfig({ testTimeout: 120_000 });
ownState();
let lease: BrokerLease;
beforeAll(async () => {
  lease = await leaseBroker({ holder: 'test', linger: 0 });
});
afterAll(() => lease.release());

async function lab(args: string[], env: Record<string, string> = {}): Promise<string> {
  const { code, output } = await new Started(process.execPath, [KAFKA_LAB, ...args], env).ended;
  expect(code, output).toBe(0);
  return output;
}

async function topicWith(records: number, name: string): Promise<string> {
  await lab(['topic', name, '--partitions', '2']);
  await lab(['produce', name, '--rate', '500', '--count', String(records)]);
  return name;
}

test('what a consumer in the terminal does is recorded, and a page is made of it without Kafka', async () => {
  const topic = await topicWith(20, 'recorded');
  const file = join(folderForTest(), 'run.jsonl');
  const consume = ['consume', topic, '--group', 'readers', '--count', '20', '--record', file];
  await lab(consume);
  const ledger = openRun(file);
  expect(tally(ledger, 'readers', topic)).toMatchObject({ processed: 20, repeated: [] });
  const kinds = ledger.members({ group: 'readers' }).map(({ kind, member }) => [kind, member]);
  expect(kinds).toEqual(['joining', 'joined', 'left'].map((kind) => [kind, 'client-1']));
  const told = await describeGroup(lease.connection.brokers, 'readers');
  const own = ledger.trail('committed', { group: 'readers', topic });
  for (const { partition, committed } of told) expect(own.newest(partition)).toBe(committed);
  for (const { key } of ledger.records('processed')) expect(key).toMatch(/^key-\d+$/);
  expect(readFileSync(file, 'utf8')).not.toContain('customer');

  const again = await new Started(process.execPath, [KAFKA_LAB, ...consume]).ended;
  expect(again).toMatchObject({ code: 1, output: expect.stringContaining('is there already') });

  const nowhere = join(folderForTest(), '.lab');
  const env = { KAFKA_LAB_STATE: nowhere, PATH: '/nowhere', DISPLAY: '', WAYLAND_DISPLAY: '' };
  const said = await lab(['replay', file], { ...env, BROWSER: '' });
  expect(said).toBe(
    `${file.replace('.jsonl', '.html')}\nNo browser was found here: open that page in yours.\n`,
  );
  expect(existsSync(nowhere)).toBe(false);
});

test('so is what a member of a share group does, with keys and values where they are asked for', async () => {
  const topic = await topicWith(5, 'shared');
  const file = join(folderForTest(), 'run.jsonl');
  const shared = ['consume', topic, '--share', 'workers', '--name', 'w', '--count', '5'];
  await lab([...shared, '--record', file, '--shows', 'keys,clientIds']);
  const ledger = openRun(file);
  expect(ledger.shares('accepted')).toHaveLength(5);
  const [first] = ledger.records('processed');
  expect(first).toMatchObject({ member: 'w', key: expect.stringMatching(/^[a-z]+$/) });
});
