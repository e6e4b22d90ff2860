import type {
  Consumer,
  ConsumerRunConfig,
  EachBatchPayload,
  EachMessagePayload,
  KafkaMessage,
} from 'kafkajs';
import { host } from '../host.js';
import { keyText, type Recorder, type RecordKind } from '../ledger/index.js';
import { now } from './clock.js';

interface Watched {
  consumer: Consumer;
  groupId: string;
  name: string;
}

type Note = (kind: RecordKind, topic: string, partition: number, message: KafkaMessage) => void;

/** Wraps the learner's handlers: kafkajs has no event for a single record. */
export function recordProcessing(watched: Watched, recorder: Recorder): void {
  const { consumer, groupId: group } = watched;
  const note: Note = (kind, topic, partition, { offset, key }) =>
    recorder.record({
      kind,
      time: now(),
      group,
      member: watched.name,
      topic,
      partition,
      offset: Number(offset),
      key: keyText(key),
    });
  const { run } = consumer;
  let runs = false;
  consumer.on(consumer.events.STOP, () => {
    runs = false;
  });
  consumer.run = (config: ConsumerRunConfig = {}) => {
    // kafkajs passes over a second run, as when its cell is run again: nobody joins then.
    if (!runs) recorder.record({ kind: 'joining', time: now(), group, member: watched.name });
    runs = true;
    return run(watchedConfig(config, note));
  };
}

function watchedConfig(config: ConsumerRunConfig, note: Note): ConsumerRunConfig {
  const { eachMessage, eachBatch, eachBatchAutoResolve = true } = config;
  if (eachMessage)
    return { ...config, eachMessage: (payload) => oneMessage(payload, eachMessage, note) };
  if (!eachBatch) return config;
  return {
    ...config,
    eachBatch: (payload) => oneBatch(payload, eachBatch, eachBatchAutoResolve, note),
  };
}

async function oneMessage(
  payload: EachMessagePayload,
  handle: (payload: EachMessagePayload) => Promise<void>,
  note: Note,
): Promise<void> {
  const { topic, partition, message } = payload;
  note('delivered', topic, partition, message);
  try {
    await handle(payload);
  } catch (error) {
    note('failed', topic, partition, message);
    throw told(error);
  }
  note('processed', topic, partition, message);
}

/** In a batch, a record counts as processed once its offset is resolved, by the handler or at its end. */
async function oneBatch(
  payload: EachBatchPayload,
  handle: (payload: EachBatchPayload) => Promise<void>,
  autoResolve: boolean,
  note: Note,
): Promise<void> {
  const { topic, partition, messages } = payload.batch;
  const waiting = [...messages];
  for (const message of messages) note('delivered', topic, partition, message);
  const resolveUpTo = (offset: string) => {
    while (waiting[0] && BigInt(waiting[0].offset) <= BigInt(offset)) {
      note('processed', topic, partition, waiting.shift() as KafkaMessage);
    }
  };
  try {
    await handle({
      ...payload,
      resolveOffset: (offset) => {
        payload.resolveOffset(offset);
        resolveUpTo(offset);
      },
    });
  } catch (error) {
    if (waiting[0]) note('failed', topic, partition, waiting[0]);
    throw told(error);
  }
  if (autoResolve) resolveUpTo(payload.batch.lastOffset());
}

/** kafkajs would retry for ten seconds before it tells anybody. */
function told(error: unknown): unknown {
  host().fail(error);
  return error;
}
