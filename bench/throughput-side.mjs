// One side of the comparison in throughput.mjs, told by its parent what to measure: `watched` or `bare` as argument.
import { createRequire } from 'node:module';
import { openBench } from './support.mjs';

const require = createRequire(import.meta.url);
const { Kafka } = require('kafkajs');

/** @typedef {{ wall: number, cpu: number }} Took milliseconds that all records took: on the clock, and of processors */
/** @typedef {{ what: 'send' | 'consume' | 'read', topic: string, records: number }} Task `read` has a handler that reads its record */

const A_SEND = 500;
const isWatched = process.argv[2] === 'watched';

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
  return isWatched ? lab.watch(kafka) : kafka;
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
