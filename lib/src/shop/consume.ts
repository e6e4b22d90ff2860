import { setTimeout as sleep } from 'node:timers/promises';
import { type Consumer, Kafka } from 'kafkajs';
import { readableLog } from '../lab/client-log.js';
import type { ServiceSettings } from '../lab/service/service-settings.js';
import { watchConsumer } from '../lab/watch/watch-consumer.js';
import { FactFile } from '../ledger/index.js';
import { parseOrder } from './schema.js';

/**
 * Short sessions: the group has to notice soon that a member is dead. A service may have them, since nothing but its
 * orders keeps its thread busy.
 */
const SESSION = {
  sessionTimeout: 1500,
  heartbeatInterval: 250,
  rebalanceTimeout: 3000,
  maxWaitTimeInMs: 500,
};

/** Starts a consumer that handles one order at a time, and writes down what it does. */
export async function consume(settings: ServiceSettings): Promise<Consumer> {
  const { name, group, topic, latency, facts, connection } = settings;
  const kafka = new Kafka({
    clientId: name,
    ...connection,
    logCreator: () => readableLog(toStderr),
  });
  const create = kafka.consumer.bind(kafka);
  const config = { groupId: group, ...SESSION };
  const { consumer } = watchConsumer(create, config, new FactFile(facts));
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      parseOrder(message.value);
      await sleep(latency); // the label printer, or the mail server, answers
    },
  });
  return consumer;
}

const toStderr = (line: string): void => void process.stderr.write(line);
