import { createRequire } from 'node:module';
import { median } from './support.mjs';

const require = createRequire(import.meta.url);
const { Kafka, logLevel } = require('kafkajs');
const { setGroupConfigs, shareConsumer } = require('../lib/dist/share-groups/index.js');

const RECORDS = 30_000;
const A_SEND = 500;
const PAIRS = 5;
const MEMBERS = 4;

/** @typedef {import('./throughput.mjs').Lab} Lab */
/** @typedef {import('./throughput.mjs').Row} Row */

/**
 * Records handled per second from the first to the last, by an empty handler: a share group, which acknowledges each, beside a
 * kafkajs consumer, which commits an offset now and then. On one partition, where a consumer group cannot use a second member.
 * @param {Lab} lab
 * @returns {Promise<Row[]>}
 */
export async function shareGroup(lab) {
  const { name: topic } = await lab.topic('shared', { partitions: 1 });
  const kafka = new Kafka({ clientId: 'bench', ...lab.connection, logLevel: logLevel.NOTHING });
  await fill(kafka, topic);
  /** @type {{ consumer: number, one: number, four: number }[]} */
  const raw = [];
  for (let i = 0; i < PAIRS; i++) {
    const of = (/** @type {number} */ members) => shared(lab, kafka, topic, members);
    raw.push({
      consumer: await consumed(lab, kafka, topic),
      one: await of(1),
      four: await of(MEMBERS),
    });
  }
  const row = (
    /** @type {string} */ what,
    /** @type {(pair: (typeof raw)[number]) => number} */ took,
  ) => ({
    what: `share group, ${what} / kafkajs consumer`,
    figure:
      `${median(raw.map((pair) => pair.consumer / took(pair))).toFixed(2)} ` +
      `(${Math.round((1000 * RECORDS) / median(raw.map(took)))} records/s)`,
    ...{ bound: 'none', raw },
  });
  return [row('one member', ({ one }) => one), row('four members', ({ four }) => four)];
}

/** @param {import('kafkajs').Kafka} kafka @param {string} topic */
async function fill(kafka, topic) {
  const producer = kafka.producer();
  await producer.connect();
  const messages = Array.from({ length: A_SEND }, (_, n) => ({ value: `job ${n}` }));
  for (let n = 0; n < RECORDS; n += A_SEND) await producer.send({ topic, messages });
  await producer.disconnect();
}

/** Counts to all records. Resolves to the ms between the first and the last. */
function counted() {
  let [handled, began] = [0, 0];
  /** @type {(took: number) => void} */
  let done;
  const took = new Promise((/** @type {(took: number) => void} */ resolve) => (done = resolve));
  const handle = async () => {
    if (handled++ === 0) began = performance.now();
    if (handled === RECORDS) done(performance.now() - began);
  };
  return { took, handle };
}

/** @param {Lab} lab @param {import('kafkajs').Kafka} kafka @param {string} topic */
async function consumed(lab, kafka, topic) {
  const { took, handle } = counted();
  const groupId = lab.group('bench', { fresh: true });
  const consumer = kafka.consumer({ groupId, ...lab.quick });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({ eachMessage: handle });
  const ms = await took;
  await consumer.disconnect();
  return ms;
}

/** @param {Lab} lab @param {import('kafkajs').Kafka} kafka @param {string} topic @param {number} members */
async function shared(lab, kafka, topic, members) {
  const { took, handle } = counted();
  const groupId = lab.group('bench', { fresh: true });
  await setGroupConfigs(kafka, groupId, { 'share.auto.offset.reset': 'earliest' });
  const consumers = Array.from({ length: members }, () => shareConsumer(kafka, { groupId }));
  await Promise.all(
    consumers.map(async (consumer) => {
      await consumer.connect();
      await consumer.subscribe({ topics: [topic] });
      await consumer.run({ eachMessage: handle });
    }),
  );
  const ms = await took;
  await Promise.all(consumers.map((consumer) => consumer.disconnect()));
  return ms;
}
