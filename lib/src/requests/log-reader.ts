import type { Broker } from './brokers.js';
import { type FetchedRecords, fetchRequest } from './fetched-records.js';
import { hasGaps, joined, type LogContents, logContents, type ReadBatch } from './log-contents.js';
import { batchesIn, type RecordBatch } from './record-batches.js';

/** A partition's log as the broker has it: where it begins and ends, and what was read of it. Offsets; ends exclusive. */
export interface LogReading {
  start: number;
  stable: number;
  end: number;
  read: LogContents;
}

interface Reading {
  topic: string;
  partition: number;
  /** The first offset to be read; where the log begins later, it is read from there. */
  from: number;
}

const OFFSET_OUT_OF_RANGE = 1;

/**
 * Reads a log from an offset to where readers of committed records get, and says what is there.
 * @param signal ends it where the broker does not let it come to an end: what was read until then is told
 * @throws RangeError if an answer is cut off or the broker refuses to read, kafkajs's error if it does not answer
 */
export async function readLog(
  broker: Broker,
  { topic, partition, from }: Reading,
  signal: AbortSignal,
): Promise<LogReading> {
  let reading: LogReading | undefined;
  for (let offset = from; ; ) {
    const request = fetchRequest({ topic, partition, offset, committed: true, wait: 0 });
    const [answer] = await broker.ask(request);
    if (!answer) throw new RangeError('The broker did not answer for the partition.');
    const { error, start, stable, end } = answer;
    if (error === OFFSET_OUT_OF_RANGE && offset < start) {
      offset = start;
      continue;
    }
    if (error !== 0) throw new RangeError(`The broker does not read: error ${error}.`);
    const read = await contentsOf(answer, offset);
    reading = { start, stable, end, read: reading ? joined(reading.read, read) : read };
    if (read.to >= stable || read.to === offset || signal.aborted) return reading;
    offset = read.to;
  }
}

/** What an answer shows from the offset on that was asked for. */
export async function contentsOf(
  { records, aborted }: FetchedRecords,
  offset: number,
): Promise<LogContents> {
  return logContents(offset, await withOffsets(batchesIn(records)), aborted);
}

/** The batches, those with gaps with the offsets of their records. What follows one that cannot be decompressed is left out. */
export async function withOffsets(batches: readonly RecordBatch[]): Promise<ReadBatch[]> {
  const read: ReadBatch[] = [];
  for (const batch of batches) {
    if (!hasGaps(batch)) read.push(batch);
    else {
      const offsets = await offsetsIn(batch.bytes);
      if (!offsets) break;
      read.push({ ...batch, offsets });
    }
  }
  return read;
}

const Decoder = require('kafkajs/src/protocol/decoder');
type Decoded = { records: { offset: string }[] };
const decode: (
  of: object,
) => Promise<Decoded> = require('kafkajs/src/protocol/recordBatch/v0/decoder');

async function offsetsIn(batch: Buffer): Promise<number[] | undefined> {
  const { records } = await decode(new Decoder(batch)).catch(() => ({ records: undefined }));
  return records?.map(({ offset }) => Number(offset));
}

/** How long a broker waits for the next record before it says that there is none yet, in milliseconds. */
const WAIT_MS = 100;

/**
 * Waits for the marker that ends the transaction of the record at `from`. Where that record is not there any more, the transaction
 * has ended.
 * @param signal ends the wait
 * @throws what `readLog` throws
 */
export async function markerSeen(
  broker: Broker,
  { topic, partition, from }: Reading,
  signal: AbortSignal,
): Promise<void> {
  let producerId: number | undefined;
  for (let offset = from; !signal.aborted; ) {
    const request = fetchRequest({ topic, partition, offset, committed: false, wait: WAIT_MS });
    const [answer] = await broker.ask(request);
    if (answer?.error !== 0) return;
    const batches = batchesIn(answer.records);
    producerId ??= batches.find((batch) => batch.from <= from && from < batch.to)?.producerId;
    if (batches.length > 0 && producerId === undefined) return;
    if (batches.some((batch) => batch.isControl && batch.producerId === producerId)) return;
    offset = batches.at(-1)?.to ?? offset;
  }
}
