import type { Key, KeyNumbers } from './key-numbers.js';
import type { Columns } from './rows.js';

const MOST = 512;

/**
 * Quick records that follow one another through a handler: one is processed at the moment when the next is delivered. They
 * are written into the ledger together, which takes about two thirds of the time.
 */
export class Run {
  length = 0;
  private readonly time = new Float64Array(MOST);
  /** These have one more in front, the record that was in the handler when the run began. */
  private readonly offset = new Float64Array(MOST + 1);
  private readonly value = new Uint32Array(MOST + 1);
  private readonly keys: Key[] = new Array(MOST).fill(null);

  get isFull(): boolean {
    return this.length === MOST;
  }

  add(time: number, offset: number, key: Key): void {
    const at = this.length++;
    this.time[at] = time;
    this.offset[at + 1] = offset;
    // Of all keys together the numbers are found sooner. They are kept no longer than their batch.
    this.keys[at] = key;
  }

  /** Ends the run, and tells it once for each kind. `before` is the record that was in the handler when it began. */
  end(before: { offset: number; key: number }, numbers: KeyNumbers) {
    const { length, time, offset, value, keys } = this;
    offset[0] = before.offset;
    value[0] = before.key;
    for (let i = 0; i < length; i++) {
      value[i + 1] = numbers.numberOf(keys[i]);
      keys[i] = null;
    }
    this.length = 0;
    const columns = (from: number): Columns => ({
      time: time.subarray(0, length),
      offset: offset.subarray(from, from + length),
      value: value.subarray(from, from + length),
    });
    const last = { offset: offset[length] as number, key: value[length] as number };
    return { processed: columns(0), delivered: columns(1), last };
  }
}
