import { now } from '../../ledger/index.js';
import { type FetchedRecords, fetchedRecords } from '../../requests/fetched-records.js';
import { cutOff, offsetBehind, soundBytes } from '../../requests/record-batches.js';
import { DamagedRecords } from './damaged-records.js';
import { type Decoded, passEmptied } from './emptied-batches.js';
import { type Asked, fetchListeners, offsetAsked } from './fetches.js';

// kafkajs 2.2.4 checks no checksum, as Kafka's own clients do. Of damaged records it makes others than were written, or
// none, or an error that names no topic; a damaged count of headers freezes it; where the broker itself refuses to read
// on, it restarts endlessly. So each batch is checked before kafkajs sees it. That takes 0.3 µs for 100 bytes.

/** What kafkajs makes of an answer, what is in it, and the partitions of one that has no records. */
interface Answer {
  fetched: FetchedRecords[];
  empty: FetchedRecords[];
}
interface Broker {
  connectionPool: object;
  fetch(asked: Asked): Promise<Answer>;
}
interface Response {
  decode(answer: Buffer): Promise<Decoded>;
}

const response: Response = require('kafkajs/src/protocol/requests/fetch/v11/response');
const { prototype: broker }: { prototype: Broker } = require('kafkajs/src/broker');
const { decode } = response;
const { fetch } = broker;

response.decode = async (answer) => {
  const all = fetchedRecords(answer);
  for (const fetched of all) requireSound(fetched);
  const isEmpty = all.every(({ records, elsewhere }) => records.length === 0 && elsewhere === -1);
  const decoded = await decode(answer);
  passEmptied(decoded, all);
  return { ...decoded, fetched: all, empty: isEmpty ? all : [] };
};

/** What was asked for says where the consumer stands; the answer does not. */
broker.fetch = async function fetchSound(asked) {
  const time = now();
  try {
    const answer = await fetch.call(this, asked);
    requireProgress(this, answer, asked);
    const listener = fetchListeners.get(this.connectionPool);
    await listener?.({ time, asked, answers: answer.fetched });
    return answer;
  } catch (error) {
    if (!(error instanceof DamagedRecords)) throw error;
    const { damage } = error;
    const offset = offsetAsked(damage, asked);
    const behind = (damage.behind ?? 0) > offset ? damage.behind : undefined;
    throw new DamagedRecords({ ...damage, offset, behind });
  }
};

/** Kafka's CORRUPT_MESSAGE and INVALID_RECORD. */
const REFUSALS = [2, 87];

/** The records in front of damaged ones are read; those are met by the next request. */
function requireSound({ topic, partition, error, records }: FetchedRecords): void {
  const place = { topic, partition, offset: NaN };
  if (REFUSALS.includes(error))
    throw new DamagedRecords({ ...place, sign: 'The broker itself reports them as corrupt.' });
  const sound = soundBytes(records);
  if (sound > 0) cutOff(records, sound);
  else if (records.length > 0) {
    const sign = 'Their checksum is not the one that they were written with.';
    throw new DamagedRecords({ ...place, sign, behind: offsetBehind(records) });
  }
}

/** Of each broker, the offsets from which its last answer returned no record though it reported some. */
const without = new WeakMap<Broker, Set<string>>();

/**
 * A batch whose length is damaged ends the log for the broker: it reports records and returns none. Once is no proof:
 * retention may have removed them meanwhile.
 */
function requireProgress(from: Broker, { empty }: Answer, asked: Asked): void {
  const before = without.get(from);
  const now = new Set<string>();
  for (const { topic, partition, stable } of empty) {
    const offset = offsetAsked({ topic, partition }, asked);
    if (!(offset < stable)) continue;
    const place = `${topic} ${partition} ${offset}`;
    const sign = `The broker reports records up to offset ${stable - 1}, but returns none.`;
    if (before?.has(place)) throw new DamagedRecords({ topic, partition, offset, sign });
    now.add(place);
  }
  without.set(from, now);
}
