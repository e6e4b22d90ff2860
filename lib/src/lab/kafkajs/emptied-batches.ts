import type { FetchedRecords } from '../../requests/fetched-records.js';
import { batchesIn } from '../../requests/record-batches.js';

// Compaction leaves the last batch of each idempotent producer in the log, even where it has emptied it. Where an answer
// has no others, kafkajs 2.2.4 goes no further: it asks for the same place for ever, a thousand times a second, without
// an error. It does get past the end of a transaction, so it is shown one in the place of what is gone.

interface Message {
  offset: string;
  isControlRecord: boolean;
  batchContext: { producerId: string; inTransaction: boolean };
}

/** What kafkajs makes of the answer to a Fetch. */
export interface Decoded {
  responses: {
    topicName: string;
    partitions: { partition: number; messages: Message[] }[];
  }[];
}

/** Lets consumers go on behind batches without a record, where these are all that was `fetched` of a partition. */
export function passEmptied({ responses }: Decoded, fetched: readonly FetchedRecords[]): void {
  for (const { topicName, partitions } of responses)
    for (const { partition, messages } of partitions.filter((one) => one.messages.length === 0)) {
      const of = fetched.find((one) => one.topic === topicName && one.partition === partition);
      const last = of && batchesIn(of.records).at(-1);
      if (last) messages.push(marker(last.to - 1));
    }
}

const marker = (offset: number): Message => ({
  offset: `${offset}`,
  isControlRecord: true,
  batchContext: { producerId: '-1', inTransaction: false },
});
