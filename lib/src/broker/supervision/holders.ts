/** One who holds the broker. `linger` is how long it stays after this holder has gone, in ms. */
export interface Holder {
  name: string;
  linger: number;
}

/**
 * Who holds the broker, and when it may stop: a pure account, told the time by its caller (ms on any one clock).
 * It stops once nobody holds it and what the last ones to go asked for has passed; at once if the very last asked for 0.
 */
export class Holders {
  readonly #holders = new Map<number, Holder>();
  #next = 1;
  #until: number;

  /** @param until when to stop if nobody comes at all */
  constructor(until: number) {
    this.#until = until;
  }

  join(holder: Holder): number {
    this.#holders.set(this.#next, holder);
    return this.#next++;
  }

  leave(id: number, now: number): void {
    const holder = this.#holders.get(id);
    if (!this.#holders.delete(id) || !holder) return;
    const last = this.#holders.size === 0;
    this.#until = last && holder.linger === 0 ? now : Math.max(this.#until, now + holder.linger);
  }

  names(): string[] {
    return [...this.#holders.values()].map(({ name }) => name);
  }

  /** How long until the broker may stop, 0 if it may now; undefined while somebody holds it. */
  remaining(now: number): number | undefined {
    return this.#holders.size > 0 ? undefined : Math.max(0, this.#until - now);
  }
}
