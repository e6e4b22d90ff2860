// One side of the comparison in throughput.mjs, told by its parent what to measure: `watched`, `recorded` or `bare` as argument.
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBench } from './support.mjs';

const require = createRequire(import.meta.url);
const { Kafka } = require('kafkajs');
const { watch } = require('../lib/dist/lab/index.js');
const { recordRun } = require('../lib/dist/runs/index.js');

/** @typedef {{ wall: number, cpu: number }} Took milliseconds that all records took: on the clock, and of processors */
/** @typedef {{ what: 'send' | 'consume' | 'read', topic: string, records: number }} Task `read` has a handler that reads its record */

const A_SEND = 500;
const side = process.argv[2];
const folder = mkdtempSync(join(tmpdir(), 'bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
/** @type {import('../lib/dist/runs/index.js').RunRecorder | undefined} */
let run;

const lab = await openBench();

/** Begins to measure. @returns {() => Took} */
function stopwatch() {
  const began = performance.now();
  const used = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(used);
    return { wall: performance.now() - began, cpu: (user + system) / 1000 };
  };
}

function client() {
  const kafka = new Kafka({ clientId: `bench-${Math.random()}`, ...lab.connection });
  if (side === 'recorded') {
    run = recordRun(join(folder, `${performance.now()}.jsonl`));
    return watch(kafka, run);
  }
  return side === 'watched' ? lab.watch(kafka) : kafka;
}

/** @param {Task} task @returns {Promise<Took>} */
async function send({ topic, records }) {
  const producer = client().producer();
  await producer.connect();
  const stop = stopwatch();
  for (let n = 0; n < records; n += A_SEND) {
    const messages = Array.from({ length: A_SEND }, (_, i) => ({
      key: `customer-${(n + i) % 1000}`,
      value: JSON.stringify({ orderId: `order-${n + i}`, amount: 20 }),
    }));
    await producer.send({ topic, messages });
  }
  run?.close();
  const took = stop();
  await producer.disconnect();
  return took;
}

/** @param {Task} task @returns {Promise<Took>} */
async function consume({ what, topic, records }) {
  const groupId = lab.group('bench', { fresh: true });
  const consumer = client().consumer({ groupId, ...lab.quick });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  let handled = 0;
  let amount = 0;
  let stop = stopwatch();
  consumer.on(consumer.events.GROUP_JOIN, () => {
    stop = stopwatch();
  });
  await new Promise((resolve) => {
    void consumer.run({
      eachMessage: async ({ message }) => {
        if (what === 'read') amount += JSON.parse(String(message.value)).amount;
        handled++;
        if (handled === records) resolve(undefined);
      },
    });
  });
  run?.close();
  const took = stop();
  await consumer.disconnect();
  if (what === 'read' && amount !== 20 * records) throw new Error(`${amount} was read.`);
  return took;
}

process.on('message', async (/** @type {Task} */ task) => {
  process.send?.(await (task.what === 'send' ? send(task) : consume(task)));
});
process.once('disconnect', () => void lab.close().then(() => process.exit(0)));
process.send?.('ready');
