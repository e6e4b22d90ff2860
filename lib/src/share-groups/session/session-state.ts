import { keyOf, type Place } from '../places.js';

/** What the next fetch says of a share session. */
export interface NextFetch {
  epoch: number;
  added: Place[];
  forgotten: Place[];
}

const OPENING = 0;
const LARGEST = 0x7fffffff;

/**
 * A share session as the broker has it: which partitions are in it, and the number of the next request, by which the broker sees
 * that none is missing (KIP-932, "Share sessions"). 0 opens a session; after the largest number comes 1.
 */
export class SessionState {
  #epoch = OPENING;
  #held = new Map<string, Place>();

  get isOpen(): boolean {
    return this.#epoch !== OPENING;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** What a fetch has to say so that these partitions are in the session, and no others. */
  next(wanted: readonly Place[]): NextFetch {
    const keys = new Set(wanted.map(keyOf));
    const added = wanted.filter((place) => !this.#held.has(keyOf(place)));
    const forgotten = [...this.#held].filter(([key]) => !keys.has(key)).map(([, place]) => place);
    return { epoch: this.#epoch, added, forgotten };
  }

  /** The broker has taken a request; a fetch if it says which partitions are in the session now. */
  taken(held?: readonly Place[]): void {
    this.#epoch = this.#epoch === LARGEST ? 1 : this.#epoch + 1;
    if (held) this.#held = new Map(held.map((place) => [keyOf(place), place]));
  }

  /** The broker may have forgotten it: the next fetch opens a new one. */
  lost(): void {
    this.#epoch = OPENING;
    this.#held.clear();
  }
}
