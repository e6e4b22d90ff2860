import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { Kafka } = require('kafkajs');

const RECORDS = 20_000;
const A_SEND = 500;
const PAIRS = 21;

/** @typedef {import('../lib/dist/lab/index.js').Lab} Lab */
/** @typedef {{ what: string, figure: string, bound: string, raw: unknown }} Row */
/** What a run of all records took, in milliseconds: on the clock, and of processors. @typedef {{ wall: number, cpu: number }} Took */

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
 * Both in turn, so that a machine that gets slower is slower for both; the first pair warms up and is not counted. The time of
 * processors tells the same on a machine that has other things to do.
 * @param {string} what
 * @param {(watched: boolean) => Promise<Took>} run
 * @returns {Promise<Row>}
 */
async function compared(what, run) {
  const pairs = [];
  for (let i = 0; i <= PAIRS; i++) {
    const pair = { watched: NONE, bare: NONE };
    if (i % 2 === 0) pair.watched = await run(true);
    pair.bare = await run(false);
    if (i % 2 === 1) pair.watched = await run(true);
    if (i > 0) pairs.push(pair);
  }
  const wall = sorted(pairs.map(({ watched, bare }) => bare.wall / watched.wall));
  const cpu = sorted(pairs.map(({ watched, bare }) => bare.cpu / watched.cpu));
  const more = sorted(pairs.map(({ watched, bare }) => (watched.cpu - bare.cpu) / RECORDS));
  const [quarter, threeQuarters] = [wall[PAIRS >> 2], wall[PAIRS - 1 - (PAIRS >> 2)]];
  return {
    what,
    figure:
      `${middle(wall).toFixed(2)} (half: ${quarter?.toFixed(2)} to ${threeQuarters?.toFixed(2)}); ` +
      `of processor time ${middle(cpu).toFixed(2)}, ${(1000 * middle(more)).toFixed(1)} µs a record`,
    bound: 'at least 0.90',
    raw: pairs,
  };
}

const NONE = { wall: NaN, cpu: NaN };

/** @param {number[]} numbers */
const sorted = (numbers) => numbers.sort((a, b) => a - b);

/** @param {number[]} numbers in order */
const middle = (numbers) => numbers[numbers.length >> 1] ?? NaN;

/** Begins to measure. @returns {() => Took} */
function stopwatch() {
  const began = performance.now();
  const used = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(used);
    return { wall: performance.now() - began, cpu: (user + system) / 1000 };
  };
}

/** @param {Lab} lab @param {boolean} watched */
function client(lab, watched) {
  const kafka = new Kafka({ clientId: `bench-${Math.random()}`, ...lab.connection });
  return watched ? lab.watch(kafka) : kafka;
}

/** @param {Lab} lab @param {string} topic @param {boolean} watched @returns {Promise<Took>} */
async function send(lab, topic, watched) {
  const producer = client(lab, watched).producer();
  await producer.connect();
  const stop = stopwatch();
  for (let n = 0; n < RECORDS; n += A_SEND) {
    const messages = Array.from({ length: A_SEND }, (_, i) => ({
      key: `customer-${(n + i) % 1000}`,
      value: `order ${n + i}`,
    }));
    await producer.send({ topic, messages });
  }
  const took = stop();
  await producer.disconnect();
  return took;
}

/** @param {Lab} lab @param {string} topic @param {boolean} watched @returns {Promise<Took>} */
async function consume(lab, topic, watched) {
  const groupId = lab.group('bench', { fresh: true });
  const consumer = client(lab, watched).consumer({ groupId, ...lab.quick });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  let handled = 0;
  let stop = stopwatch();
  await new Promise((resolve) => {
    void consumer.run({
      eachMessage: async () => {
        if (handled === 0) stop = stopwatch();
        handled++;
        if (handled === RECORDS) resolve(undefined);
      },
    });
  });
  const took = stop();
  await consumer.disconnect();
  return took;
}
