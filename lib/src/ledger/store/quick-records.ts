import type { KeyNumbers } from '../trails/key-numbers.js';
import type { Columns } from '../trails/rows.js';
import type { RecordHead } from './writer.js';

const MOST = 512;

/**
 * Quick records that follow one another through a handler: one is processed at the moment when the next is delivered. They
 * are read and written into the ledger together, which takes about half of the time.
 */
export class QuickRecords {
  length = 0;
  private readonly time = new Float64Array(MOST);
  /** These have one more in front, the record that was in the handler when they began. */
  private readonly offset = new Float64Array(MOST + 1);
  private readonly value = new Uint32Array(MOST + 1);
  /** They are kept no longer than their batch. */
  private records: RecordHead[] = [];

  get isFull(): boolean {
    return this.length === MOST;
  }

  /** `time` is NaN where nobody looked at the clock. */
  add(time: number, record: RecordHead): void {
    const at = this.length++;
    this.time[at] = time;
    this.records[at] = record;
  }

  /** All that were added had come by then: that counts for the newest, where nobody looked at the clock. */
  passed(time: number): void {
    for (let i = this.length - 1; i >= 0 && Number.isNaN(this.time[i]); i--) this.time[i] = time;
  }

  /** Ends the run, and tells it once for each kind. `before` is the record that was in the handler when it began. */
  end(before: { offset: number; key: number }, numbers: KeyNumbers, clock: () => number) {
    const { length, time, offset, value } = this;
    offset[0] = before.offset;
    value[0] = before.key;
    this.fillTimes(clock);
    this.readOffsets();
    this.readKeys(numbers);
    this.length = 0;
    this.records = [];
    const columns = (from: number): Columns => ({
      time: time.subarray(0, length),
      offset: offset.subarray(from, from + length),
      value: value.subarray(from, from + length),
    });
    const last = { offset: offset[length] as number, key: value[length] as number };
    return { processed: columns(0), delivered: columns(1), last };
  }

  /** A time that nobody read is the next one that somebody did: so nothing is told as processed before its handler had ended. */
  private fillTimes(clock: () => number): void {
    const { length, time } = this;
    if (Number.isNaN(time[length - 1])) this.passed(clock());
    for (let i = length - 2; i >= 0; i--)
      if (Number.isNaN(time[i])) time[i] = time[i + 1] as number;
  }

  /** Offsets go up: where the last is as far from the first as there are records, those between follow one another. */
  private readOffsets(): void {
    const { length, offset, records } = this;
    const at = (i: number) => Number((records[i] as RecordHead).offset);
    const first = at(0);
    const follow = at(length - 1) - first === length - 1;
    for (let i = 0; i < length; i++) offset[i + 1] = follow ? first + i : at(i);
  }

  private readKeys(numbers: KeyNumbers): void {
    const { length, value, records } = this;
    // Their first letters first: the processor fetches these all at once, where it would wait for each key to be looked up.
    for (let i = 0; i < length; i++) value[i + 1] = (records[i] as RecordHead).key?.[0] as number;
    for (let i = 0; i < length; i++)
      value[i + 1] = numbers.numberOf((records[i] as RecordHead).key);
  }
}
