import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Kafka } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { charts } from '../../../lib/src/charts/index.ts';
import { type Lab, openLab } from '../../../lib/src/lab/index.ts';
import { root } from '../../../lib/src/paths.ts';
import type { LedgerChart } from '../../support/all-charts.ts';
import { folderForTest } from '../../support/folder.ts';
import { ownState, recordingHost } from '../../support/lab.ts';

ownState();
recordingHost();
let lab: Lab;
beforeAll(async () => {
  lab = await openLab('saved-run');
});
afterAll(() => lab.close());

type Calls = { [Name in LedgerChart]?: Parameters<(typeof charts)[Name]>[1] };

/** What is drawn: the charts of a lesson about scaling, each with what it is asked for. */
function callsOf(topic: string, group: string): Calls {
  const [of, groups] = [
    { topic, group },
    { topic, groups: [group] },
  ];
  return {
    ...{ assignment: { group }, log: of, bookmark: of, lag: groups, backlog: groups, replay: of },
    ...{ waiting: of, throughput: of, keys: { topic }, order: of, ledger: of },
    route: { topics: [topic], groups: [group], key: 'customer-0' },
  };
}

/** Draws charts of a run in a process that has no Kafka, and no state folder. */
const DRAW = `
const { charts, openRun } = require(process.argv[1]);
const ledger = openRun(process.argv[2]);
const drawn = Object.entries(JSON.parse(process.argv[3])).map(([name, of]) => [name, charts[name](ledger, of)]);
console.log(JSON.stringify(Object.fromEntries(drawn)));
`;

async function drawnElsewhere(file: string, calls: Calls): Promise<unknown> {
  const nowhere = join(folderForTest(), '.lab');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['-e', DRAW, join(root, 'lib'), file, JSON.stringify(calls)],
    {
      maxBuffer: 10_000_000,
      env: { ...process.env, KAFKA_LAB_STATE: nowhere, KAFKA_BOOTSTRAP_SERVERS: '' },
    },
  );
  expect(existsSync(nowhere)).toBe(false);
  return JSON.parse(stdout);
}

test('a run is drawn where there is no Kafka as it is drawn here, specification by specification', async () => {
  const topic = await lab.topic('orders', { partitions: 3 });
  const group = lab.group('shipping');
  const kafka = lab.watch(new Kafka({ clientId: 'shop', ...lab.connection }));
  const producer = kafka.producer();
  await producer.connect();
  const send = (from: number) =>
    producer.send({
      topic: topic.name,
      messages: Array.from({ length: 30 }, (_, n) => ({
        key: `customer-${n}`,
        value: `${from + n}`,
      })),
    });
  await send(0);
  const race = lab.experiment();
  await send(30);
  const consumer = kafka.consumer({ groupId: group, ...lab.quick });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic.name], fromBeginning: true });
  await consumer.run({ eachMessage: async () => {} });
  await lab.untilCommitted(group, topic);
  await consumer.disconnect();
  await producer.disconnect();

  const folder = folderForTest();
  const calls = callsOf(topic.name, group);
  for (const [name, ledger] of [
    ['whole', lab.ledger],
    ['race', race],
  ] as const) {
    const file = join(folder, `${name}.jsonl`);
    lab.saveRun(file, { of: ledger, keys: true, values: true, clientIds: true });
    const here = Object.entries(calls).map(([name, of]) => [
      name,
      charts[name as LedgerChart](ledger, of as never),
    ]);
    expect(await drawnElsewhere(file, calls)).toEqual(
      JSON.parse(JSON.stringify(Object.fromEntries(here))),
    );
  }
});
