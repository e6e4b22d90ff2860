import { setTimeout as sleep } from 'node:timers/promises';
import { type Consumer, type ConsumerRunConfig, Kafka, type KafkaMessage } from 'kafkajs';
import { readableLog } from '../lab/client-log.js';
import type { ServiceSettings } from '../lab/service/service-settings.js';
import { quick } from '../lab/settings.js';
import { watchConsumer } from '../lab/watch/watch-consumer.js';
import { FactFile } from '../ledger/index.js';
import { withHeartbeats } from './heartbeats.js';
import { inParts } from './in-parts.js';
import { Parent } from './parent.js';
import { connectProducer, passOn, type Stand } from './pass-on.js';
import { parseOrder } from './schema.js';

/** Starts a consumer that handles one order at a time, or passes orders on, and writes down what it does. */
export async function consume(settings: ServiceSettings): Promise<{ disconnect(): Promise<void> }> {
  const { name, group, topic, passing, connection, sessionTimeout } = settings;
  const facts = new FactFile(settings.facts);
  const kafka = new Kafka({
    clientId: name,
    ...connection,
    logCreator: () => readableLog(toStderr),
  });
  const create = kafka.consumer.bind(kafka);
  const config = { groupId: group, ...quick, ...(sessionTimeout && { sessionTimeout }) };
  const { consumer } = watchConsumer(create, config, facts);
  // First, so that a transaction which is still open has ended before the bookmark is read.
  const producer = passing && (await connectProducer(kafka, passing, facts));
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run(
    passing && producer
      ? passOn(consumer, producer, { group, passing }, standOf(settings))
      : runConfig(consumer, settings),
  );
  return {
    async disconnect() {
      await consumer.disconnect();
      await producer?.disconnect();
    },
  };
}

/** It stands still in the part with the order at which it is to be killed. */
function standOf({ standsAt, passing }: ServiceSettings): Stand {
  const parent = new Parent();
  let begun = 0;
  let current: readonly KafkaMessage[] = [];
  return async (step, part) => {
    if (part !== current) begun += part.length;
    current = part;
    if (!standsAt || step !== passing?.standsAfter) return;
    if (begun >= standsAt) await parent.stand();
  };
}

function runConfig(consumer: Consumer, settings: ServiceSettings): ConsumerRunConfig {
  const { latency, parts, standsAt, handsOver } = settings;
  const parent = new Parent();
  let reached = 0;
  const between = async () => {
    if (++reached === standsAt) await parent.stand();
  };
  const work = async ({ offset, key, value }: KafkaMessage, partition: number) => {
    parseOrder(value);
    await sleep(latency); // the label printer, or the mail server, answers
    const record = { partition, offset: Number(offset), key: text(key), value: `${value}` };
    if (handsOver) await parent.handOver(record);
  };
  if (parts) return inParts(consumer, parts, { work, between });
  return {
    eachMessage: ({ message, partition, heartbeat }) =>
      withHeartbeats(heartbeat, () => work(message, partition)),
  };
}

const text = (key: Buffer | null): string | null => key && `${key}`;
const toStderr = (line: string): void => void process.stderr.write(line);
