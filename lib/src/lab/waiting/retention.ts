import { type Admin, Kafka, type KafkaConfig, type Producer } from 'kafkajs';
import { host } from '../../host.js';
import { pause } from '../../waiting.js';
import type { Topics } from '../resources/topics.js';
import { type WaitOptions, within } from './wait.js';

const LOOK_AGAIN_MS = 25;
/**
 * Kafka goes through its logs one after the other and tells nobody. The first record to go may have been deleted by a round
 * that was under way before; the second by a round that began later; the third says that this one is over.
 */
const WITNESSES = 3;

/**
 * Waits until the broker has gone through its logs once, from now on, and has deleted what retention does not keep: seen by
 * records of its own that are too old the moment they are written.
 * @throws LabError TIMED_OUT, or INTERRUPTED when the cell is interrupted
 */
export async function retentionRound(
  connection: Omit<KafkaConfig, 'clientId'>,
  topics: Topics,
  options: WaitOptions,
): Promise<void> {
  const ended = new AbortController();
  const signal = AbortSignal.any([ended.signal, host().signal()]);
  const kafka = new Kafka({ clientId: 'lab', ...connection });
  const [admin, producer] = [kafka.admin(), kafka.producer()];
  let gone = 0;
  const witnessed = async () => {
    const { name } = await topics.create('retention-witness', { config: { 'retention.ms': '1' } });
    await Promise.all([admin.connect(), producer.connect()]);
    for (; gone < WITNESSES; gone++) await oneGone({ admin, producer, topic: name, signal });
  };
  const wait = {
    what: 'the broker to check its logs for segments that are too old or too many',
    progress: () => `${gone} of ${WITNESSES} witnesses gone`,
  };
  try {
    await within(witnessed(), wait, options);
  } finally {
    ended.abort();
    await Promise.all([admin.disconnect(), producer.disconnect()]);
  }
}

interface Witness {
  admin: Admin;
  producer: Producer;
  topic: string;
  signal: AbortSignal;
}

/** Writes a record of an hour ago and waits until it has been deleted. */
async function oneGone({ admin, producer, topic, signal }: Witness): Promise<void> {
  const anHourAgo = String(Date.now() - 3_600_000);
  const messages = [{ value: 'witness', timestamp: anHourAgo }];
  const [written] = await producer.send({ topic, messages });
  const end = Number(written?.baseOffset) + 1;
  while (!signal.aborted) {
    const [log] = await admin.fetchTopicOffsets(topic);
    if (Number(log?.low) >= end) return;
    await pause(LOOK_AGAIN_MS, signal);
  }
}
