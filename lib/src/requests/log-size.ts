import type { Broker } from './brokers.js';
import { fetches, type ReadFrom } from './fetches.js';

/** What a log holds. A batch is what a producer sends to one partition at once; compressed, if it is, as a whole. */
export interface LogSize {
  records: number;
  batches: number;
  /** Of the batches with their headers, as they are stored and were sent. */
  bytes: number;
}

/**
 * Reads the log of a partition to its end, and adds up what is there. Ends of transactions count as batches without records.
 * @throws RangeError if an answer is cut off or the broker refuses to read, kafkajs's error if it does not answer
 */
export async function logSize(broker: Broker, from: ReadFrom): Promise<LogSize> {
  const size = { records: 0, batches: 0, bytes: 0 };
  for await (const { batches } of fetches(broker, from, { committed: false })) {
    if (batches.length === 0) break;
    for (const { isControl, count, bytes } of batches) {
      size.records += isControl ? 0 : count;
      size.batches++;
      size.bytes += bytes.length;
    }
  }
  return size;
}

/** Both together. */
export function added(a: LogSize, b: LogSize): LogSize {
  return {
    records: a.records + b.records,
    batches: a.batches + b.batches,
    bytes: a.bytes + b.bytes,
  };
}
