import type { Broker } from './brokers.js';
import { type FetchedRecords, fetchRequest } from './fetched-records.js';
import { batchesIn, type RecordBatch } from './record-batches.js';

/** Where to begin in the log of a partition. */
export interface ReadFrom {
  topic: string;
  partition: number;
  /** The first offset to be read; where the log begins later, it is read from there. */
  from: number;
}

/** An answer, the offset that was asked for, and the batches that lie there or later. */
export interface Fetch {
  offset: number;
  answer: FetchedRecords;
  batches: RecordBatch[];
}

const OFFSET_OUT_OF_RANGE = 1;

/**
 * Fetches a partition's log, each time from where the answer before ended, until nobody asks for the next one: at the end of the log
 * answers have no batches.
 * @param committed whether to get no further than readers of committed records
 * @param wait how long the broker may wait for records, in milliseconds
 * @throws RangeError if an answer is cut off or the broker refuses to read, kafkajs's error if it does not answer
 */
export async function* fetches(
  broker: Broker,
  { topic, partition, from }: ReadFrom,
  { committed, wait = 0 }: { committed: boolean; wait?: number },
): AsyncGenerator<Fetch> {
  for (let offset = from; ; ) {
    const [answer] = await broker.ask(fetchRequest({ topic, partition, offset, committed, wait }));
    if (!answer) throw new RangeError('The broker did not answer for the partition.');
    const { error, start, records } = answer;
    if (error === OFFSET_OUT_OF_RANGE && offset < start) {
      offset = start;
      continue;
    }
    if (error !== 0) throw new RangeError(`The broker does not read: error ${error}.`);
    const batches = batchesIn(records).filter(({ to }) => to > offset);
    yield { offset, answer, batches };
    offset = batches.at(-1)?.to ?? offset;
  }
}
