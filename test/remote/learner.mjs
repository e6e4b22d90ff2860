// A learner of a class, in a thread of its own: the main experiment of notebook 05, with the same calls.
// Says so when it has come in, and begins when it hears from the class; says what it saw when every order is processed,
// and goes home when it hears again.
import { once } from 'node:events';
import { setTimeout as work } from 'node:timers/promises';
import * as threads from 'node:worker_threads';
import kafkaLab from 'kafka-lab';
import { Kafka } from 'kafkajs';

const { assignment, openLab, tally } = kafkaLab;
const teacher = /** @type {threads.MessagePort} */ (threads.parentPort);
const PATIENCE = { timeout: 240_000 }; // thirty learners share the cores of one machine here

const lab = await openLab('05-scaling');
teacher.postMessage('here');
await once(teacher, 'message');
const began = performance.now();

const orders = await lab.topic('orders', { partitions: 3 });
const shipping = lab.group('shipping');

const shop = lab.watch(new Kafka({ clientId: 'shop', ...lab.connection }));
const producer = shop.producer();
await producer.connect();
const order = (/** @type {number} */ n) => ({ value: JSON.stringify({ order: n }) });
const messages = Array.from({ length: 30 }, (_, n) => order(n));
await producer.send({ topic: orders.name, messages });

const label = async () => void (await work(20));
const consumerA = await consumer('a');
await consumerA.run({ eachMessage: label });
await lab.untilDrained(shipping, orders, PATIENCE);

const consumerB = await consumer('b');
let next = 30;
lab.steadily({ perSecond: 40, count: 120 }, () =>
  producer.send({ topic: orders.name, messages: [order(next++)] }),
);
const joined = consumerB.run({ eachMessage: label });
await Promise.all([joined, lab.untilDrained(shipping, orders, PATIENCE)]);
await lab.untilStable(shipping, { members: 2, ...PATIENCE });
await lab.untilCommitted(shipping, orders, PATIENCE);

const { produced, processed, repeated, missing } = tally(lab.ledger, shipping, orders.name);
const clean = { produced, processed, repeated: repeated.length, missing: missing.length };
const names = { topic: orders.name, group: shipping };
const ms = Math.round(performance.now() - began);
teacher.postMessage({ names, split: assignment(lab.ledger, shipping), clean, ms });
await once(teacher, 'message');
await lab.close();

/** @param {string} clientId */
async function consumer(clientId) {
  const kafka = lab.watch(new Kafka({ clientId, ...lab.connection }));
  const consumer = kafka.consumer({ groupId: shipping, ...lab.quick });
  await consumer.connect();
  await consumer.subscribe({ topics: [orders.name], fromBeginning: true });
  return consumer;
}
