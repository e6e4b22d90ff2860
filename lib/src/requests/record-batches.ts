/** Where the fields of a record batch's header are; `checked` is the first byte that the checksum covers. */
const AT = {
  ...{ size: 8, fields: 12, magic: 16, checksum: 17, checked: 21 },
  ...{ attributes: 21, lastOffsetDelta: 23, producerId: 43, count: 57 },
};
const [CODEC, IN_TRANSACTION, CONTROL] = [0x07, 0x10, 0x20];
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

/** A record batch, as its header has it. */
export interface RecordBatch {
  /** Its offsets begin here; `to` is the one after its last one. Compaction leaves both as they were. */
  from: number;
  to: number;
  /** How many of them hold a record. */
  count: number;
  /** The end of a transaction, in the place of a record. */
  isControl: boolean;
  inTransaction: boolean;
  isCompressed: boolean;
  producerId: number;
  /** All of it. */
  bytes: Buffer;
}

/** The whole batches that records begin with, unchecked. */
export function batchesIn(records: Buffer): RecordBatch[] {
  const found: RecordBatch[] = [];
  for (let at = 0; ; ) {
    const size = sizeAt(records, at);
    if (size === undefined || records[at + AT.magic] !== 2) return found;
    const bytes = records.subarray(at, at + size);
    const attributes = bytes.readInt16BE(AT.attributes);
    const from = offsetOf(bytes);
    found.push({
      ...{ from, to: from + bytes.readInt32BE(AT.lastOffsetDelta) + 1, bytes },
      count: bytes.readInt32BE(AT.count),
      isControl: (attributes & CONTROL) !== 0,
      inTransaction: (attributes & IN_TRANSACTION) !== 0,
      isCompressed: (attributes & CODEC) !== 0,
      producerId: Number(bytes.readBigInt64BE(AT.producerId)),
    });
    at += size;
  }
}

/** How many bytes the batch has; undefined if no whole batch can be here. */
function sizeAt(records: Buffer, at: number): number | undefined {
  if (records.length < at + HEADER_BYTES) return undefined;
  const size = AT.fields + records.readInt32BE(at + AT.size);
  return size < HEADER_BYTES || records.length < at + size ? undefined : size;
}

/** Undefined if no whole batch can be here. Offsets from `from` up to, and without, `to`. */
function batchAt(records: Buffer, at: number) {
  const bytes = sizeAt(records, at);
  if (bytes === undefined) return undefined;
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
