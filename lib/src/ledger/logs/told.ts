import type { OffsetRange } from './ranges.js';

/** What a broker's answer shows of the log of a partition; `time` is when it was asked, in milliseconds since 1970. */
export interface Told {
  time: number;
  /** The log start offset: the first that is still there. */
  start: number;
  /** The last stable offset: before it no transaction is open, and readers of committed records get no further. */
  stable: number;
  /** The high watermark. What Kafka's own tools call the end of the log. */
  end: number;
}

/** What was read of a log, and of its offsets those that hold no record for readers of committed ones, and why. */
export interface ReadRange extends OffsetRange {
  /** The ends of transactions. */
  markers: OffsetRange[];
  /** Records of aborted transactions. */
  aborted: OffsetRange[];
  /** Nothing is left there. */
  compacted: OffsetRange[];
}

/** All answers about one partition, in the order of the times at which they were asked; in columns, four numbers each. */
export class ToldHistory {
  private readonly times: number[] = [];
  private readonly starts: number[] = [];
  private readonly stables: number[] = [];
  private readonly ends: number[] = [];
  /** The highest start of all: a log never grows at its start. */
  start = 0;
  /** Whether the log ever had something in it. */
  hadRecords = false;

  get length(): number {
    return this.times.length;
  }

  get newest(): Told | undefined {
    return this.at(this.length - 1);
  }

  at(i: number): Told | undefined {
    const time = this.times[i];
    if (time === undefined) return undefined;
    const [start, stable, end] = [this.starts[i], this.stables[i], this.ends[i]] as number[];
    return { time, start, stable, end } as Told;
  }

  *[Symbol.iterator](): Generator<Told> {
    for (let i = 0; i < this.length; i++) yield this.at(i) as Told;
  }

  /** The newest that was asked at this time or before; undefined where there is none. */
  before(time: number): Told | undefined {
    return this.at(this.after(time) - 1);
  }

  add({ time, start, stable, end }: Told): void {
    const at = this.after(time);
    this.times.splice(at, 0, time);
    this.starts.splice(at, 0, start);
    this.stables.splice(at, 0, stable);
    this.ends.splice(at, 0, end);
    this.start = Math.max(this.start, start);
    this.hadRecords ||= end > 0;
  }

  /** What another history knew beyond the answers that it kept. */
  begin({ start, hadRecords }: { start: number; hadRecords: boolean }): void {
    this.start = Math.max(this.start, start);
    this.hadRecords ||= hadRecords;
  }

  /** Gives up all that is older than `base`, which stands for it. Returns how many fewer there are. */
  forget(base: Told): number {
    const many = this.after(base.time);
    if (many === 0) return 0;
    for (const column of [this.times, this.starts, this.stables, this.ends]) column.splice(0, many);
    this.add(base);
    return many - 1;
  }

  /** The index of the first that was asked later. */
  private after(time: number): number {
    let at = this.length;
    while (at > 0 && (this.times[at - 1] as number) > time) at--;
    return at;
  }
}
