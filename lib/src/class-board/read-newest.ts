import type { Broker } from '../requests/brokers.js';
import { fetches } from '../requests/fetches.js';
import { decodedRecords } from '../requests/log-reader.js';

/** A learner writes a few hundred records a day, and all that is known again whenever a lesson is opened. */
const MOST_RECORDS = 5000;
const MOST_BYTES = 4 * 1024 * 1024;
/** For one learner, in ms. */
const LONGEST = 3000;

/** What was read, and the offset from which to read on. */
interface Newest {
  records: { key: Buffer | null; value: Buffer | null }[];
  next: number;
}

/**
 * The newest records of a topic's only partition, in their order, as far as they are within limits: somebody else wrote them. What is
 * compressed is left out: nothing that the lab writes there is, and a small batch could become a very large one.
 */
export async function readNewest(
  broker: Broker,
  { topic, from, to }: { topic: string; from: number; to: number },
): Promise<Newest> {
  const records: Newest['records'] = [];
  const start = { topic, partition: 0, from: Math.max(from, to - MOST_RECORDS) };
  const deadline = performance.now() + LONGEST;
  let bytes = 0;
  for await (const { batches } of fetches(broker, start, { committed: true })) {
    for (const batch of batches) {
      bytes += batch.bytes.length;
      if (!batch.isControl && !batch.isCompressed)
        records.push(...(await decodedRecords(batch.bytes).catch(() => [])));
    }
    const next = batches.at(-1)?.to ?? to;
    if (next >= to) break;
    if (bytes > MOST_BYTES || performance.now() > deadline) return { records, next };
  }
  return { records, next: to };
}
