import type { Kafka } from 'kafkajs';
import { type Ledger, type Loss, losses, now, type ReadLog } from '../../ledger/index.js';
import { Brokers } from '../../requests/brokers.js';
import { leadersOf, logRanges } from '../../requests/offsets.js';
import { readRecords } from '../../requests/read-records.js';
import { disconnectWithin } from '../../waiting.js';
import { within } from '../waiting/wait.js';

/**
 * The records of a topic that were acknowledged and are not in its log any more, as the leader of each partition has it. After an
 * election a leader shows its log only up to where its followers have caught up: so one record is written to each partition,
 * acknowledged by all in sync, and everything before it is read. Records what was lost.
 * @throws LabError TIMED_OUT after 20 s, INTERRUPTED
 */
export async function lostRecords(kafka: Kafka, ledger: Ledger, topic: string): Promise<Loss[]> {
  const brokers = new Brokers(kafka);
  const ended = new AbortController();
  const what = `the log of ${topic} to be written to and read`;
  try {
    const logs = await within(readBack(kafka, brokers, topic, ended.signal), { what });
    const lost = logs.flatMap((log) => losses(ledger, topic, log));
    recordNew(ledger, topic, lost);
    return lost;
  } finally {
    ended.abort();
    await disconnectWithin(brokers);
  }
}

async function readBack(
  kafka: Kafka,
  brokers: Brokers,
  topic: string,
  signal: AbortSignal,
): Promise<ReadLog[]> {
  const ends = await marked(kafka, topic);
  const all = await brokers.all();
  const leaders = await leadersOf(all, [topic]);
  const ranges = (await logRanges(all, leaders)).get(topic);
  const each = [...ends].map(async ([partition, mark]): Promise<ReadLog> => {
    const leader = leaders.get(topic)?.find(({ partitionId }) => partitionId === partition)?.leader;
    const broker = all.find(({ nodeId }) => nodeId === leader);
    const range = ranges?.get(partition);
    if (!broker || !range) throw new RangeError(`Partition ${partition} has no leader.`);
    const records = await readRecords(broker, { topic, partition, to: mark + 1 }, signal);
    records.delete(mark); // it is nobody's
    return { partition, start: range.low, at: (offset) => records.get(offset) };
  });
  return Promise.all(each);
}

/** Writes a record to each partition. Returns the offsets that they got. */
async function marked(kafka: Kafka, topic: string): Promise<Map<number, number>> {
  const [admin, producer] = [kafka.admin(), kafka.producer()];
  try {
    await Promise.all([admin.connect(), producer.connect()]);
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const partitions = topics[0]?.partitions.map(({ partitionId }) => partitionId) ?? [];
    const messages = partitions.map((partition) => ({ partition, key: MARK, value: MARK }));
    const sent = await producer.send({ topic, acks: -1, messages });
    return new Map(sent.map(({ partition, baseOffset }) => [partition, Number(baseOffset)]));
  } finally {
    await Promise.all([disconnectWithin(admin), disconnectWithin(producer)]);
  }
}

/** Also its key: whoever reads it does not take it for a record in doubt, most of which have none. */
export const MARK = 'written by the lab, to read what is before it';

function recordNew(ledger: Ledger, topic: string, lost: readonly Loss[]): void {
  const recorded = ledger.trail('lost', { topic });
  const told = new Map<string, number>();
  for (const { partition, offset, member, key } of lost) {
    const place = `${partition}/${offset}`;
    const nth = (told.get(place) ?? 0) + 1;
    told.set(place, nth);
    if (recorded.offsets(partition).at(offset) >= nth) continue;
    const at = { time: now(), topic, partition, offset };
    ledger.record({ kind: 'lost', group: '', member, key, ...at });
  }
}
