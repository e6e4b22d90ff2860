import type { KafkaMessage } from 'kafkajs';
import { decodedRecords } from '../../requests/log-reader.js';
import { batchesIn, type RecordBatch, soundBytes } from '../../requests/record-batches.js';
import type { Place } from '../places.js';
import type { Kind } from '../protocol/acknowledgement.js';
import type { FetchedPartition } from '../protocol/share-fetch.js';
import type { Acknowledgement } from './batches.js';

/** A record that belongs to this member until its lock runs out. */
export interface AcquiredRecord extends Place {
  message: KafkaMessage;
  offset: number;
  deliveryCount: number;
}

export interface Acquired {
  records: AcquiredRecord[];
  /** What nobody has to handle, and how it is to be acknowledged. */
  others: Acknowledgement[];
}

/**
 * The acquired ones among the records of an answer, by kafkajs's decoder. Offsets without a record are gaps; those of a batch whose
 * checksum is wrong are rejected, as Kafka's own client does it; what the answer has cut off is released.
 * @throws kafkajs's error where a batch cannot be decompressed
 */
export async function acquiredIn(fetched: FetchedPartition): Promise<Acquired> {
  const { topicId, partition, acquired } = fetched;
  const batches = batchesIn(fetched.records);
  const sound = batches.filter(isSound);
  const messages = await messagesIn(sound.filter(({ isControl }) => !isControl));
  const kindOf = kindsIn(batches, sound);
  const all: Acquired = { records: [], others: [] };
  for (const { first, last, deliveryCount } of acquired) {
    for (let offset = first; offset <= last; offset++) {
      const message = messages.get(offset);
      const place = { topicId, partition };
      if (message) all.records.push({ ...place, message, offset, deliveryCount });
      else all.others.push({ ...place, first: offset, last: offset, kind: kindOf(offset) });
    }
  }
  return all;
}

/** How to acknowledge an offset of which there is no message. */
function kindsIn(batches: RecordBatch[], sound: RecordBatch[]): (offset: number) => Kind {
  const damaged = batches.filter((batch) => !sound.includes(batch));
  const end = batches.at(-1)?.to ?? 0;
  return (offset) => {
    if (offset >= end) return 'release';
    return damaged.some((batch) => isWithin(batch, offset)) ? 'reject' : 'gap';
  };
}

const isSound = ({ bytes }: RecordBatch): boolean => soundBytes(bytes) === bytes.length;

const isWithin = ({ from, to }: RecordBatch, offset: number): boolean =>
  from <= offset && offset < to;

async function messagesIn(batches: RecordBatch[]): Promise<Map<number, KafkaMessage>> {
  const decoded = await Promise.all(batches.map(({ bytes }) => decodedRecords(bytes)));
  return new Map(decoded.flat().map((message) => [Number(message.offset), message]));
}
