/** What is kept of the facts about a partition whose detail was given up. */
export interface ForgottenPart {
  count: number;
  highest: number;
  /** Of the newest of them; -1 where it says that there is none. */
  offset: number;
  time: number;
}

/** What is kept of the facts of a trail whose detail was given up: sums that are true for all of them. */
export class Forgotten {
  count = 0;
  /** When the first of them came. */
  first = Infinity;
  readonly parts = new Map<number, ForgottenPart>();
  /** Of each member, by its number: how many there were, and when the last came. */
  readonly members = new Map<number, { count: number; last: number }>();

  /** Adds the next in the order of time. `member` undefined where nobody knows whose it was. */
  add(time: number, partition: number, offset: number, member?: number): void {
    this.count++;
    if (time < this.first) this.first = time;
    let part = this.parts.get(partition);
    if (!part) this.parts.set(partition, (part = { count: 0, highest: -1, offset, time }));
    part.count++;
    part.offset = offset;
    part.time = time;
    if (offset > part.highest) part.highest = offset;
    if (member === undefined) return;
    let by = this.members.get(member);
    if (!by) this.members.set(member, (by = { count: 0, last: time }));
    by.count++;
    by.last = time;
  }
}
