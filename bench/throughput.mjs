import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { Kafka } = require('kafkajs');

const RECORDS = 20_000;
const A_SEND = 500;
const PAIRS = 7;

/** @typedef {import('../lib/dist/lab/index.js').Lab} Lab */
/** @typedef {{ what: string, figure: string, bound: string, raw: unknown }} Row */

/** Records acknowledged per second: watched / bare kafkajs. @param {Lab} lab @returns {Promise<Row>} */
export async function produce(lab) {
  const topic = await lab.topic('produced', { partitions: 3 });
  return compared('produce, watched / bare kafkajs', (watched) => send(lab, topic.name, watched));
}

/** Records handled per second by an empty eachMessage: watched / bare kafkajs. @param {Lab} lab @returns {Promise<Row>} */
export async function eachMessage(lab) {
  const topic = await lab.topic('consumed', { partitions: 3 });
  await send(lab, topic.name, false);
  return compared('eachMessage, watched / bare kafkajs', (watched) =>
    consume(lab, topic.name, watched),
  );
}

/**
 * Both in turn, so that a machine that gets slower is slower for both; the first pair warms up and is not counted.
 * @param {string} what
 * @param {(watched: boolean) => Promise<number>} run milliseconds
 * @returns {Promise<Row>}
 */
async function compared(what, run) {
  const pairs = [];
  for (let i = 0; i <= PAIRS; i++) {
    const order = i % 2 === 0 ? [true, false] : [false, true];
    /** @type {Record<string, number>} */
    const pair = {};
    for (const watched of order) pair[watched ? 'watched' : 'bare'] = await run(watched);
    if (i > 0) pairs.push(pair);
  }
  const ratios = pairs.map(({ watched = NaN, bare = NaN }) => bare / watched).sort((a, b) => a - b);
  const [least, most] = [ratios[0], ratios.at(-1)].map((ratio) => ratio?.toFixed(2));
  const median = ratios[ratios.length >> 1] ?? NaN;
  return {
    what,
    figure: `${median.toFixed(2)} (${least} to ${most})`,
    bound: 'at least 0.90',
    raw: pairs,
  };
}

/** @param {Lab} lab @param {boolean} watched */
function client(lab, watched) {
  const kafka = new Kafka({ clientId: `bench-${Math.random()}`, ...lab.connection });
  return watched ? lab.watch(kafka) : kafka;
}

/** @param {Lab} lab @param {string} topic @param {boolean} watched @returns {Promise<number>} milliseconds */
async function send(lab, topic, watched) {
  const producer = client(lab, watched).producer();
  await producer.connect();
  const began = performance.now();
  for (let n = 0; n < RECORDS; n += A_SEND) {
    const messages = Array.from({ length: A_SEND }, (_, i) => ({
      key: `customer-${(n + i) % 1000}`,
      value: `order ${n + i}`,
    }));
    await producer.send({ topic, messages });
  }
  const took = performance.now() - began;
  await producer.disconnect();
  return took;
}

/** @param {Lab} lab @param {string} topic @param {boolean} watched @returns {Promise<number>} milliseconds */
async function consume(lab, topic, watched) {
  const groupId = lab.group('bench', { fresh: true });
  const consumer = client(lab, watched).consumer({ groupId, ...lab.quick });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  let handled = 0;
  let began = 0;
  await new Promise((resolve) => {
    void consumer.run({
      eachMessage: async () => {
        if (handled === 0) began = performance.now();
        handled++;
        if (handled === RECORDS) resolve(undefined);
      },
    });
  });
  const took = performance.now() - began;
  await consumer.disconnect();
  return took;
}
