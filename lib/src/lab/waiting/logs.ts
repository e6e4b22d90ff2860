import type { Kafka } from 'kafkajs';
import { type Ledger, type LogFact, now } from '../../ledger/index.js';
import { type Broker, Brokers } from '../../requests/brokers.js';
import { type LogReading, markerSeen, readStable } from '../../requests/log-reader.js';
import { added, type LogSize, logSize } from '../../requests/log-size.js';
import { leadersOf, logRanges } from '../../requests/offsets.js';
import { disconnectWithin, withDeadline } from '../../waiting.js';

/** How long the broker is asked, in milliseconds, before the ledger has to do with what it has. */
const LIMIT_MS = 3000;

/** A part of a partition's log: the records from `first` to `last`. */
export interface LogPart {
  topic: string;
  partition: number;
  first: number;
  last: number;
}

/** Asks the broker about logs, and records what it says. Never throws, and takes three seconds at most: then nothing is recorded. */
export class Logs {
  private readonly brokers: Brokers;

  constructor(
    kafka: Kafka,
    private readonly ledger: Ledger,
  ) {
    this.brokers = new Brokers(kafka);
  }

  /** Where the logs of a topic begin, are stable and end. */
  async ask(topic: string): Promise<void> {
    await briefly(async () => {
      const time = now();
      const brokers = await this.brokers.all();
      const leaders = await leadersOf(brokers, [topic]);
      const ranges = (await logRanges(brokers, leaders)).get(topic) ?? [];
      const known = this.ledger.log(topic);
      for (const [partition, { low: start, stable, high: end }] of ranges) {
        const told = { start, stable, end };
        if (isNews(told, known.get(partition))) this.record({ time, topic, partition, ...told });
      }
    });
  }

  /** What lies in the logs of a topic, from where they begin to where readers of committed records get. */
  async read(topic: string): Promise<void> {
    await briefly(async (signal) => {
      const brokers = await this.brokers.all();
      const leaders = (await leadersOf(brokers, [topic])).get(topic) ?? [];
      const each = leaders.map(async ({ partitionId: partition, leader }) => {
        const broker = withId(leader, brokers);
        if (broker) await this.readFrom(broker, { topic, partition, from: 0 }, signal);
      });
      await Promise.all(each);
    });
  }

  /** What lies from the first of these records on, once the marker that ends their transaction is there. */
  async untilEnded(parts: readonly LogPart[]): Promise<void> {
    await briefly(async (signal) => {
      const brokers = await this.brokers.all();
      const leaders = await leadersOf(brokers, [...new Set(parts.map(({ topic }) => topic))]);
      const leaderOf = ({ topic, partition }: LogPart) =>
        leaders.get(topic)?.find(({ partitionId }) => partitionId === partition)?.leader ?? -1;
      const each = parts.map(async (part) => {
        const broker = withId(leaderOf(part), brokers);
        if (broker) await this.readEnded(broker, part, signal);
      });
      await Promise.all(each);
    });
  }

  /**
   * What the logs of a topic hold, of all its partitions together. Unlike the other calls, this one throws and has no limit.
   * @throws kafkajs's error if a broker does not answer, RangeError if it refuses to read
   */
  async size(topic: string): Promise<LogSize> {
    const brokers = await this.brokers.all();
    const leaders = await leadersOf(brokers, [topic]);
    const ranges = (await logRanges(brokers, leaders)).get(topic);
    const each = (leaders.get(topic) ?? []).map(({ partitionId: partition, leader }) => {
      const [broker, range] = [withId(leader, brokers), ranges?.get(partition)];
      if (!broker || !range)
        throw new RangeError(`Partition ${partition} of ${topic} has no leader.`);
      return logSize(broker, { topic, partition, from: range.low });
    });
    return (await Promise.all(each)).reduce(added, { records: 0, batches: 0, bytes: 0 });
  }

  async disconnect(): Promise<void> {
    await disconnectWithin(this.brokers);
  }

  private async readEnded(broker: Broker, part: LogPart, signal: AbortSignal): Promise<void> {
    const { topic, partition, first, last } = part;
    await markerSeen(broker, { topic, partition, from: last }, signal);
    await this.readFrom(broker, { topic, partition, from: first }, signal);
  }

  private async readFrom(broker: Broker, part: ReadPart, signal: AbortSignal): Promise<void> {
    const time = now();
    const reading = await readStable(broker, part, signal);
    const { topic, partition } = part;
    this.record({ time, topic, partition, ...reading });
  }

  private record({ read, ...told }: Told): void {
    const isRead = read && read.to > read.from;
    this.ledger.record({ kind: 'log', group: '', member: 'lab', ...told, ...(isRead && { read }) });
  }
}

function withId(id: number, brokers: readonly Broker[]): Broker | undefined {
  return brokers.find(({ nodeId }) => nodeId === id);
}

type State = Pick<LogFact, 'start' | 'stable' | 'end'>;

function isNews({ start, stable, end }: State, known: State = { start: 0, stable: 0, end: 0 }) {
  return start !== known.start || stable !== known.stable || end !== known.end;
}

type ReadPart = Omit<LogPart, 'first' | 'last'> & { from: number };

type Told = Omit<LogFact, 'kind' | 'group' | 'member' | 'read'> & Partial<Pick<LogReading, 'read'>>;

async function briefly(ask: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const ended = new AbortController();
  const asked = ask(ended.signal).catch(() => undefined);
  await withDeadline(asked, { ms: LIMIT_MS, late: () => undefined }).finally(() => ended.abort());
}
