/**
 * Hands over what another thread is to do. Each time wakes it: what belongs together, as the result, the reply and the
 * status of a cell, goes together. What cannot wait goes at once, with all that waits.
 */
export class Outbox<T> {
  private waiting: T[] = [];

  constructor(private readonly post: (all: T[]) => void) {}

  /** Goes at the end of this turn at the latest. Nothing but the kernel's own code may run before that. */
  add(order: T): void {
    this.waiting.push(order);
    if (this.waiting.length === 1) process.nextTick(() => this.flush());
  }

  addNow(order: T): void {
    this.waiting.push(order);
    this.flush();
  }

  private flush(): void {
    const all = this.waiting;
    if (all.length === 0) return;
    this.waiting = [];
    this.post(all);
  }
}
