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
  /** When it was handed in, by the ledger's clock. Of several that commit, Kafka keeps the one that was handed in last. */
  handedIn: number;
}

/** Takes what a transaction sends and moves, whatever its client, and says what became of it when that is known. */
export class TransactionFacts implements Recorder {
  private readonly pending: RecordFact[] = [];
  /** Nobody will miss them if it is aborted. */
  private readonly doubts: Fact[] = [];
  private readonly moved: Moved[] = [];

  constructor(
    private readonly recorder: Recorder,
    private readonly ends?: Ends | undefined,
  ) {}

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

  moves(to: Omit<Moved, 'handedIn'>): void {
    this.moved.push({ ...to, handedIn: now() });
  }

  /** Ends it, and waits until that is in the logs. @throws what `end` throws */
  async ending(end: () => Promise<void>, outcome: 'produced' | 'aborted'): Promise<void> {
    const { recorder, ends, moved } = this;
    const isCommitted = outcome === 'produced';
    try {
      await end();
    } catch (error) {
      // It may have ended all the same, one way or the other.
      this.isUnknown();
      await ends?.inLogs(this.touched());
      await ends?.inGroups(moved, false);
      throw error;
    }
    this.ended(outcome);
    if (isCommitted)
      for (const { handedIn, ...to } of moved)
        recorder.record({ kind: 'committed', time: now(), ...to });
    await ends?.inLogs(this.touched().map((one) => ({ ...one, first: one.last })));
    if (isCommitted) await ends?.inGroups(moved, true);
  }

  private ended(kind: 'produced' | 'aborted'): void {
    const time = now();
    for (const fact of this.pending) this.recorder.record({ ...fact, kind, time });
    if (kind === 'produced') this.isUnknown();
  }

  /** What is in doubt, stays so. */
  private isUnknown(): void {
    for (const fact of this.doubts.splice(0)) this.recorder.record(fact);
  }

  private touched(): Touched[] {
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
