import { type Admin, Kafka, type KafkaConfig } from 'kafkajs';
import { Depths, now } from '../../ledger/index.js';
import { pause } from '../../waiting.js';
import type { Queue } from '../resources/queues.js';
import type { Topic } from '../resources/topics.js';
import { type WaitOptions, within } from './wait.js';

/** How often both brokers are asked, in milliseconds. */
const PAUSE_MS = 50;

/** What is measured, beside the experiment. */
export interface Measurement extends Depths {
  /** Settles when the experiment does, with what it gives. */
  readonly done: Promise<unknown>;
}

export interface Measured {
  queue: Queue;
  topic: Topic;
}

/**
 * Asks both brokers again and again how much the queue and the topic hold, from just before the experiment until it has ended.
 * `done` rejects with the experiment, with TIMED_OUT after 60 s, with INTERRUPTED, or if a broker does not answer.
 */
export function measure(
  connection: KafkaConfig,
  { queue, topic }: Measured,
  experiment: () => Promise<unknown>,
  { timeout = 60_000 }: WaitOptions = {},
): Measurement {
  const depths = new Depths(queue.name, topic.name);
  const ended = new AbortController();
  const run = async () => {
    const admin = new Kafka({ clientId: 'lab', ...connection }).admin();
    await admin.connect();
    const look = async () => depths.add(await sample(queue, topic, admin));
    try {
      await look();
      const [result] = await Promise.all([
        experiment().finally(() => ended.abort()),
        repeat(look, ended.signal),
      ]);
      await look();
      return result;
    } finally {
      ended.abort();
      await admin.disconnect();
    }
  };
  const done = within(run(), { what: 'the experiment to end' }, { timeout });
  // Whoever awaits it is notified of a failure; where nobody does, its cell is.
  return Object.assign(depths, { done: done.finally(() => ended.abort()) });
}

async function repeat(look: () => Promise<void>, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    await look();
    await pause(PAUSE_MS, ended);
  }
}

async function sample(queue: Queue, topic: Topic, admin: Admin) {
  const [queued, offsets] = await Promise.all([
    queue.messages(),
    admin.fetchTopicOffsets(topic.name),
  ]);
  const sum = (numbers: string[]) => numbers.reduce((total, n) => total + Number(n), 0);
  const start = sum(offsets.map(({ low }) => low));
  return { time: now(), queued, start, end: sum(offsets.map(({ high }) => high)) };
}
