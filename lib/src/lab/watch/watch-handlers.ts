import type { Consumer, ConsumerRunConfig, EachBatchPayload, EachMessagePayload } from 'kafkajs';
import { now, type Recorder, type RecordKind, writerFor } from '../../ledger/index.js';
import { ExpectedErrors, HandlerErrors } from './handler-errors.js';
import { PartitionReporter } from './partition-reporter.js';

interface Watched {
  consumer: Consumer;
  groupId: string;
  name: string;
}

/** Wraps the learner's handlers: kafkajs has no event for a single record. */
export function recordProcessing(
  watched: Watched,
  recorder: Recorder,
  expected = new ExpectedErrors(),
): void {
  const { consumer, groupId: group } = watched;
  const { run } = consumer;
  const errors = new HandlerErrors((error) => expected.has(group, error));
  errors.listenTo(consumer, () => watched.name);
  let runs = false;
  consumer.on(consumer.events.STOP, () => {
    runs = false;
  });
  consumer.run = (config: ConsumerRunConfig = {}) => {
    // kafkajs passes over a second run, as when its cell is run again: nobody joins then.
    if (!runs) recorder.record({ kind: 'joining', time: now(), group, member: watched.name });
    runs = true;
    return run(watchedConfig(config, { watched, recorder, errors }));
  };
}

interface Watching {
  watched: Watched;
  recorder: Recorder;
  errors: HandlerErrors;
}

function watchedConfig(config: ConsumerRunConfig, watching: Watching): ConsumerRunConfig {
  const { eachMessage, eachBatch, eachBatchAutoResolve = true } = config;
  if (eachMessage) return { ...config, eachMessage: messageByMessage(eachMessage, watching) };
  if (!eachBatch) return config;
  const oneBatch = (payload: EachBatchPayload) =>
    batchByBatch(payload, eachBatch, eachBatchAutoResolve, watching);
  return { ...config, eachBatch: oneBatch };
}

type Handler = (payload: EachMessagePayload) => Promise<void>;

function messageByMessage(handle: Handler, watching: Watching): Handler {
  const { watched, recorder, errors } = watching;
  // Of each partition only one record is in the handler at a time, except while an old one outlives a rebalance.
  let reporters: PartitionReporter[] = [];
  let last: PartitionReporter | undefined;
  return (payload) => {
    const { topic, partition } = payload;
    if (!last?.isFree(watched.name, topic, partition)) {
      last = reporters.find((reporter) => reporter.isFree(watched.name, topic, partition));
      if (!last) {
        const shared = { group: watched.groupId, member: watched.name, topic, partition };
        last = new PartitionReporter(recorder, shared, errors);
        reporters = [...reporters, last];
      }
    }
    return last.report(payload, handle);
  };
}

/** In a batch, a record counts as processed once its offset is resolved, by the handler or at its end. */
async function batchByBatch(
  payload: EachBatchPayload,
  handle: (payload: EachBatchPayload) => Promise<void>,
  autoResolve: boolean,
  { watched, recorder, errors }: Watching,
): Promise<void> {
  const { topic, partition, messages } = payload.batch;
  const shared = { group: watched.groupId, member: watched.name, topic, partition };
  const note = (kind: RecordKind, from: number, to: number) => {
    const writer = writerFor(recorder, { kind, ...shared });
    const time = now();
    for (const { offset, key } of messages.slice(from, to)) writer.add(time, Number(offset), key);
  };
  note('delivered', 0, messages.length);
  let done = 0;
  const resolveUpTo = (offset: string) => {
    const from = done;
    while (done < messages.length && Number(messages[done]?.offset) <= Number(offset)) done++;
    note('processed', from, done);
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
    note('failed', done, done + 1);
    throw errors.report(error);
  }
  if (autoResolve) resolveUpTo(payload.batch.lastOffset());
}
