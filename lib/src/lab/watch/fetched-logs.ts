import type { LogFact, Recorder } from '../../ledger/index.js';
import type { FetchedRecords } from '../../requests/fetched-records.js';
import { isRemarkable, type LogContents, logContents } from '../../requests/log-contents.js';
import { withOffsets } from '../../requests/log-reader.js';
import { batchesIn, type RecordBatch } from '../../requests/record-batches.js';
import { type Fetched, offsetAsked } from '../kafkajs/fetches.js';

/** Kafka's number for readers of committed records. */
const READ_COMMITTED = 1;

interface State {
  start: number;
  stable: number;
  end: number;
}

interface Reading extends Pick<LogFact, 'topic' | 'partition' | 'time'> {
  state: State;
  read: LogContents | undefined;
}

/** Records what a consumer's fetches show of the logs that it reads: where that is no more than records in a row, nothing. */
export class FetchedLogs {
  private readonly last = new Map<string, State>();

  constructor(
    private readonly recorder: Recorder,
    private readonly by: { readonly name: string },
  ) {}

  /** Undefined if there is nothing to wait for. */
  take = ({ time, asked, answers }: Fetched): Promise<void> | undefined => {
    let taken: Promise<void> | undefined;
    for (const answer of answers) {
      if (answer.error !== 0) continue;
      const { topic, partition, start, stable, end } = answer;
      const state = { start, stable, end };
      const from = offsetAsked(answer, asked);
      const batches = batchesIn(answer.records);
      const isSeen = asked.isolationLevel === READ_COMMITTED && isRemarkable(from, batches);
      const reading = { time, topic, partition, state, read: undefined };
      if (isSeen) taken = this.takeContents(reading, { answer, from, batches }, taken);
      else if (this.isNews(topic, partition, state)) this.record(reading);
      this.last.set(placeOf(topic, partition), state);
    }
    return taken;
  };

  private async takeContents(
    reading: Reading,
    { answer, from, batches }: { answer: FetchedRecords; from: number; batches: RecordBatch[] },
    before: Promise<void> | undefined,
  ): Promise<void> {
    await before;
    this.record({
      ...reading,
      read: logContents(from, await withOffsets(batches), answer.aborted),
    });
  }

  /** Whether the ledger does not know it: how records that were produced here let a log grow, it does. */
  private isNews(topic: string, partition: number, { start, stable, end }: State): boolean {
    const last = this.last.get(placeOf(topic, partition)) ?? { start: 0, stable: 0, end: 0 };
    if (last.start === start && last.stable === stable && last.end === end) return false;
    const grows = start === last.start && last.stable === last.end && stable === end;
    return !grows || end < last.end || end > (this.recorder.knownEnd?.(topic, partition) ?? 0);
  }

  private record({ state, read, ...place }: Reading): void {
    const shared = { kind: 'log', group: '', member: this.by.name } as const;
    const isRead = read && read.to > read.from;
    this.recorder.record({ ...shared, ...place, ...state, ...(isRead && { read }) });
  }
}

const placeOf = (topic: string, partition: number): string => `${topic} ${partition}`;
