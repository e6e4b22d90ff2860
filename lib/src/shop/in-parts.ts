import type { Consumer, ConsumerRunConfig, EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { Parts } from '../lab/service/service-settings.js';
import { withHeartbeats } from './heartbeats.js';

type Work = (message: KafkaMessage, partition: number) => Promise<void>;

interface Handling {
  work: Work;
  /** Called between the two steps of each record. Does not return where the service stands still. */
  between: () => Promise<void>;
}

/** Processes each batch in parts of `every` records, and commits each part by itself: after it, or before it. */
export function inParts(
  consumer: Consumer,
  { first, every }: Parts,
  { work, between }: Handling,
): ConsumerRunConfig {
  const eachBatch = async ({ batch, resolveOffset, heartbeat }: EachBatchPayload) => {
    const { topic, partition, messages } = batch;
    const commit = (part: KafkaMessage[]) =>
      consumer.commitOffsets([{ topic, partition, offset: after(part) }]);
    const handle: Work = (...record) => withHeartbeats(heartbeat, () => work(...record));

    for (const part of partsOf(messages, every)) {
      if (first === 'commit') await commit(part);
      for (const message of part) {
        if (first === 'commit') await between();
        await handle(message, partition);
        resolveOffset(message.offset);
        if (first === 'process') await between();
        await heartbeat();
      }
      if (first === 'process') await commit(part);
    }
  };
  return { autoCommit: false, eachBatch };
}

export function partsOf(messages: KafkaMessage[], every: number): KafkaMessage[][] {
  const count = Math.ceil(messages.length / every);
  return Array.from({ length: count }, (_, n) => messages.slice(n * every, (n + 1) * every));
}

/** The offset after the last of them: a group reads on from what it commits. */
export function after(part: KafkaMessage[]): string {
  return `${Number(part.at(-1)?.offset) + 1}`;
}
