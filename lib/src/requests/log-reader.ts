import type { KafkaMessage } from 'kafkajs';
import type { Broker } from './brokers.js';
import { fetches, type ReadFrom } from './fetches.js';
import { hasGaps, joined, type LogContents, logContents, type ReadBatch } from './log-contents.js';
import type { RecordBatch } from './record-batches.js';

/** A partition's log as the broker has it: where it begins and ends, and what was read of it. Offsets; ends exclusive. */
export interface LogReading {
  start: number;
  stable: number;
  end: number;
  read: LogContents;
}

/**
 * Reads a log from an offset to where readers of committed records get, and says what is there.
 * @param signal ends it where the broker does not let it come to an end: what was read until then is told
 * @throws RangeError if an answer is cut off or the broker refuses to read, kafkajs's error if it does not answer
 */
export async function readStable(
  broker: Broker,
  from: ReadFrom,
  signal: AbortSignal,
): Promise<LogReading> {
  let before: LogContents | undefined;
  for await (const { offset, answer, batches } of fetches(broker, from, { committed: true })) {
    const { start, stable, end, aborted } = answer;
    const contents = logContents(offset, await withOffsets(batches), aborted);
    const read = before ? joined(before, contents) : contents;
    const isStuck = contents.to < (batches.at(-1)?.to ?? Infinity);
    if (contents.to >= stable || isStuck || signal.aborted) return { start, stable, end, read };
    before = read;
  }
  throw new RangeError('The broker does not answer any more.');
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
type Decoded = { records: KafkaMessage[] };
const decode: (
  of: object,
) => Promise<Decoded> = require('kafkajs/src/protocol/recordBatch/v0/decoder');

/** The records of a batch. @throws kafkajs's error where it cannot be decompressed */
export async function decodedRecords(batch: Buffer): Promise<Decoded['records']> {
  return (await decode(new Decoder(batch))).records;
}

async function offsetsIn(batch: Buffer): Promise<number[] | undefined> {
  const records = await decodedRecords(batch).catch(() => undefined);
  return records?.map(({ offset }) => Number(offset));
}

/** How long a broker waits for the next record before it says that there is none yet, in milliseconds. */
const WAIT_MS = 100;

/**
 * Waits for the marker that ends the transaction of the record at `from`. Where that record is not there any more, the transaction
 * has ended.
 * @param signal ends the wait
 * @throws what `readStable` throws
 */
export async function markerSeen(broker: Broker, at: ReadFrom, signal: AbortSignal): Promise<void> {
  const { from } = at;
  let producerId: number | undefined;
  for await (const { offset, batches } of fetches(broker, at, {
    committed: false,
    wait: WAIT_MS,
  })) {
    producerId ??= batches.find((batch) => batch.from <= from && from < batch.to)?.producerId;
    const isGone = producerId === undefined && (batches.length > 0 || offset > from);
    const hasEnded = batches.some((batch) => batch.isControl && batch.producerId === producerId);
    if (isGone || hasEnded || signal.aborted) return;
  }
}
