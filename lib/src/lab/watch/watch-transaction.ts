import type { Transaction } from 'kafkajs';
import { type Fact, now, type Recorder, type RecordFact } from '../../ledger/index.js';

/** The records of a transaction in one partition: the offsets of its first and its last. */
export interface Touched {
  topic: string;
  partition: number;
  first: number;
  last: number;
}

/** Looks how transactions have ended, each time for a few seconds at most. Never throws. */
export interface Ends {
  /** Waits until the end of the transaction is in the log of each partition, and records what is there. */
  inLogs(touched: readonly Touched[]): Promise<void>;
  /** Waits until the broker shows the offsets that it committed; where nobody knows whether it did, records what the broker says. */
  inGroups(moved: readonly Moved[], isCommitted: boolean): Promise<void>;
}

/** A group's bookmark that a transaction moves. */
export interface Moved {
  group: string;
  member: string;
  topic: string;
  partition: number;
  offset: number;
}

interface Watching {
  recorder: Recorder;
  ends: Ends | undefined;
  member: () => string;
}

/**
 * Records what becomes of a transaction: what it has sent counts once it is committed, and its bookmarks are moved then.
 * @param watchSends is told which recorder takes what it sends
 */
export function watchTransaction(
  transaction: Transaction,
  { recorder, ends, member }: Watching,
  watchSends: (recorder: Recorder) => void,
): Transaction {
  const { commit, abort, sendOffsets } = transaction;
  const sent = new TransactionRecorder(recorder);
  const moved: Moved[] = [];
  watchSends(sent);
  transaction.sendOffsets = async (offsets) => {
    await sendOffsets(offsets);
    for (const { topic, partitions } of offsets.topics) {
      for (const { partition, offset } of partitions) {
        const by = { group: offsets.consumerGroupId, member: member() };
        moved.push({ ...by, topic, partition, offset: Number(offset) });
      }
    }
  };
  const ending = async (end: () => Promise<void>, outcome: 'produced' | 'aborted') => {
    const isCommitted = outcome === 'produced';
    try {
      await end();
    } catch (error) {
      // It may have ended all the same, one way or the other.
      sent.isUnknown();
      await ends?.inLogs(sent.touched());
      await ends?.inGroups(moved, false);
      throw error;
    }
    sent.ended(outcome);
    if (isCommitted)
      for (const to of moved) recorder.record({ kind: 'committed', time: now(), ...to });
    await ends?.inLogs(sent.touched().map((one) => ({ ...one, first: one.last })));
    if (isCommitted) await ends?.inGroups(moved, true);
  };
  transaction.commit = () => ending(commit, 'produced');
  transaction.abort = () => ending(abort, 'aborted');
  return transaction;
}

/** Takes what a transaction sends, and says what became of it when that is known. */
class TransactionRecorder implements Recorder {
  private readonly pending: RecordFact[] = [];
  /** Nobody will miss them if it is aborted. */
  private readonly doubts: Fact[] = [];

  constructor(private readonly recorder: Recorder) {}

  record(fact: Fact): void {
    if (fact.kind === 'in doubt') {
      this.doubts.push(fact);
      return;
    }
    if (fact.kind === 'pending') this.pending.push(fact);
    this.recorder.record(fact);
  }

  values(topic: string, partition: number) {
    return this.recorder.values?.(topic, partition) ?? { add: () => {} };
  }

  ended(kind: 'produced' | 'aborted'): void {
    const time = now();
    for (const fact of this.pending) this.recorder.record({ ...fact, kind, time });
    if (kind === 'produced') this.isUnknown();
  }

  /** What is in doubt, stays so. */
  isUnknown(): void {
    for (const fact of this.doubts.splice(0)) this.recorder.record(fact);
  }

  touched(): Touched[] {
    const found = new Map<string, Touched>();
    for (const { topic, partition, offset } of this.pending) {
      const place = `${topic} ${partition}`;
      const { first, last } = found.get(place) ?? { first: offset, last: offset };
      const both = { first: Math.min(first, offset), last: Math.max(last, offset) };
      found.set(place, { topic, partition, ...both });
    }
    return [...found.values()];
  }
}
