import { Reader } from './encoding.js';

/** What the answer to a Fetch has of one partition. */
export interface FetchedRecords {
  topic: string;
  partition: number;
  /** Kafka's number of the error, 0 if there is none. */
  error: number;
  /** The offset up to which, and without, there is something to read. */
  end: number;
  /** Another replica to read from; -1 if there is none. */
  elsewhere: number;
  /** Record batches, as they lie in the broker's file; the last one may be cut off. A view of the answer. */
  records: Buffer;
}

/** Reads the answer to a Fetch, version 11, without its header: the newest version that kafkajs 2.2.4 asks for. */
export function fetchedRecords(answer: Buffer): FetchedRecords[] {
  const reader = new Reader(answer, false);
  reader.int32(); // throttled for
  reader.int16(); // error of the session
  reader.int32(); // the session
  const topics = reader.array(() => {
    const topic = reader.string();
    return reader.array((): FetchedRecords => {
      const [partition, error] = [reader.int32(), reader.int16()];
      const [highWatermark, lastStable] = [reader.int64(), reader.int64()];
      const end = lastStable < 0 ? highWatermark : lastStable;
      reader.int64(); // where the log begins
      reader.array(() => [reader.int64(), reader.int64()]); // aborted transactions
      const elsewhere = reader.int32();
      return { topic, partition, error, end, elsewhere, records: reader.bytes() };
    });
  });
  return topics.flat();
}

/** Where the fields of a record batch's header are; `checked` is the first byte that the checksum covers. */
const AT = { size: 8, fields: 12, magic: 16, checksum: 17, checked: 21, lastOffsetDelta: 23 };
const HEADER_BYTES = 61;
const LARGEST = 0x7fffffff;

const crc32c: (bytes: Buffer) => number = require('kafkajs/src/protocol/recordBatch/crc32C');

/** How many bytes of whole, undamaged batches records begin with. Older formats, which Kafka 4 has not, count unread. */
export function soundBytes(records: Buffer): number {
  if (records[AT.magic] === 0 || records[AT.magic] === 1) return records.length;
  let at = 0;
  let end = -1;
  for (;;) {
    const batch = batchAt(records, at);
    const isSound = batch?.isSound && batch.from >= end;
    if (!isSound) return at;
    end = batch.to;
    at += batch.bytes;
  }
}

/** Makes what follows look cut off, as the end of a large answer is: kafkajs stops in front of it. */
export function cutOff(records: Buffer, from: number): void {
  if (records.length >= from + AT.fields) records.writeInt32BE(LARGEST, from + AT.size);
}

/** The offset after a damaged batch that records begin with; undefined where its header cannot be trusted. */
export function offsetBehind(records: Buffer): number | undefined {
  const damaged = batchAt(records, 0);
  if (!damaged || damaged.to <= damaged.from) return undefined;
  const next = records.subarray(damaged.bytes);
  const isNext = next.length <= AT.magic || (next[AT.magic] === 2 && offsetOf(next) >= damaged.to);
  return isNext ? damaged.to : undefined;
}

/** Undefined if no whole batch can be here. Offsets from `from` up to, and without, `to`. */
function batchAt(records: Buffer, at: number) {
  if (records.length < at + HEADER_BYTES) return undefined;
  const bytes = AT.fields + records.readInt32BE(at + AT.size);
  if (bytes < HEADER_BYTES || records.length < at + bytes) return undefined;
  const from = offsetOf(records.subarray(at));
  const to = from + records.readInt32BE(at + AT.lastOffsetDelta) + 1;
  const checksum = records.readUInt32BE(at + AT.checksum);
  const isSound =
    records[at + AT.magic] === 2 &&
    crc32c(records.subarray(at + AT.checked, at + bytes)) === checksum;
  return { from, to, bytes, isSound };
}

/** The first offset of the batch that records begin with. */
const offsetOf = (records: Buffer): number => Number(records.readBigInt64BE(0));
