import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Kafka } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { charts } from '../../../lib/src/charts/index.ts';
import { type Lab, openLab } from '../../../lib/src/lab/index.ts';
import { root } from '../../../lib/src/paths.ts';
import { folderForTest } from '../../support/folder.ts';
import { ownState, recordingHost } from '../../support/lab.ts';

ownState();
recordingHost();
let lab: Lab;
beforeAll(async () => {
  lab = await openLab('saved-run');
});
afterAll(() => lab.close());

/** Draws charts of a run in a process that has no Kafka, and no state folder. */
const DRAW = `
const { charts, openRun } = require(process.argv[1]);
const [ledger, { topic, group }] = [openRun(process.argv[2]), JSON.parse(process.argv[3])];
const specs = { assignment: charts.assignment(ledger, { group }), log: charts.log(ledger, { topic, group }) };
const both = { ...specs, lag: charts.lag(ledger, { topic, groups: [group] }) };
console.log(JSON.stringify(Object.fromEntries(Object.entries(both).map(([name, { spec }]) => [name, spec]))));
`;

async function drawnElsewhere(file: string, of: object): Promise<unknown> {
  const nowhere = join(folderForTest(), '.lab');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['-e', DRAW, join(root, 'lib'), file, JSON.stringify(of)],
    { env: { ...process.env, KAFKA_LAB_STATE: nowhere, KAFKA_BOOTSTRAP_SERVERS: '' } },
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
  const of = { topic: topic.name, group };
  for (const [name, ledger] of [
    ['whole', lab.ledger],
    ['race', race],
  ] as const) {
    const file = join(folder, `${name}.jsonl`);
    lab.saveRun(file, { of: ledger, keys: true, values: true, clientIds: true });
    const here = {
      assignment: charts.assignment(ledger, { group }).spec,
      log: charts.log(ledger, of).spec,
      lag: charts.lag(ledger, { topic: topic.name, groups: [group] }).spec,
    };
    expect(await drawnElsewhere(file, of)).toEqual(JSON.parse(JSON.stringify(here)));
  }
});
