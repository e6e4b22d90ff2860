import type { ConsumerConfig, Kafka } from 'kafkajs';
import type { Recorder } from '../ledger/index.js';
import { ShareConsumer } from '../share-groups/index.js';
import { recordShares } from './shares/record-shares.js';
import { ExpectedErrors } from './watch/handler-errors.js';
import { tellApart, type WatchedConsumer, watchConsumer } from './watch/watch-consumer.js';
import { watchProducer } from './watch/watch-producer.js';

/** A program's errors are its own affair: there is no cell that they would fail. */
class ItsOwn extends ExpectedErrors {
  override has(): boolean {
    return true;
  }
}

const watched = new WeakSet<object>();

/**
 * Makes a genuine client outside of the lab tell a recorder what it does: the consumers and producers of kafkajs's Kafka object
 * that are made from now on, or a share consumer. It does the same as before. Returns the same object.
 */
export function watch<C extends Kafka | ShareConsumer>(client: C, recorder: Recorder): C {
  if (watched.has(client)) return client;
  watched.add(client);
  if (client instanceof ShareConsumer) recordShares(client, recorder);
  else watchKafka(client, recorder);
  return client;
}

function watchKafka(kafka: Kafka, recorder: Recorder): void {
  const consumers: WatchedConsumer[] = [];
  const createConsumer = kafka.consumer.bind(kafka);
  const createProducer = kafka.producer.bind(kafka);
  kafka.producer = (config = {}) => watchProducer(createProducer, config, recorder);
  kafka.consumer = (config: ConsumerConfig) => {
    const made = watchConsumer(createConsumer, config, recorder, new ItsOwn());
    made.onConnected = async () =>
      tellApart(
        made,
        consumers.filter((other) => other !== made),
      );
    consumers.push(made);
    return made.consumer;
  };
}
