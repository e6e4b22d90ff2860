import type { Broker } from './brokers.js';
import { fetches } from './fetches.js';
import { decodedRecords } from './log-reader.js';
import type { RecordBatch } from './record-batches.js';

/** A record, as it lies in a log. */
export interface LogRecord {
  offset: number;
  key: Buffer | null;
  value: Buffer | null;
}

/**
 * All records of a partition up to before an offset, by their offsets, as the broker has them that leads it: where the log ends
 * before, the broker waits for the rest.
 * @param signal ends it
 * @throws RangeError if an answer is cut off or the broker refuses to read, kafkajs's error if it does not answer
 */
export async function readRecords(
  broker: Broker,
  { topic, partition, to }: { topic: string; partition: number; to: number },
  signal: AbortSignal,
): Promise<Map<number, LogRecord>> {
  const found = new Map<number, LogRecord>();
  const how = { committed: false, wait: 100 };
  for await (const { offset, batches } of fetches(broker, { topic, partition, from: 0 }, how)) {
    for (const batch of batches)
      for (const record of await recordsOf(batch)) found.set(record.offset, record);
    if ((batches.at(-1)?.to ?? offset) >= to || signal.aborted) break;
  }
  return found;
}

async function recordsOf({ bytes, isControl }: RecordBatch): Promise<LogRecord[]> {
  if (isControl) return [];
  const records = await decodedRecords(bytes);
  return records.map(({ offset, key, value }) => ({ offset: Number(offset), key, value }));
}
