import type { ReplicaFact } from '../../ledger/index.js';

/** What one broker says of a partition. */
export type Answer = Omit<ReplicaFact, 'kind'> & { from: number };

/** A leader that has said nothing for so long, in ms, may be gone: then the others are believed. */
const SILENT_AFTER = 1000;

/**
 * What brokers say of one partition, of which not all know the newest: one that has stood still says for a moment what was so
 * before. Of two answers the one of the higher epoch is newer; within an epoch the leader knows best who is in sync.
 */
export class ReplicaNews {
  #known: Answer | undefined;
  /** When the leader answered last. */
  #leaderSaid = -Infinity;

  /** Returns whether the answer tells something new; then that is what is so. */
  take(answer: Answer): boolean {
    const known = this.#known;
    const { time, epoch, from, leader } = answer;
    if (known && epoch < known.epoch) return false;
    const isNewer = !known || epoch > known.epoch;
    if (isNewer) this.#leaderSaid = -Infinity;
    const isSure = isNewer || from === leader || time - this.#leaderSaid > SILENT_AFTER;
    if (from === leader) this.#leaderSaid = time;
    if (known && (!isSure || isSame(known, answer))) return false;
    this.#known = answer;
    return true;
  }
}

function isSame(a: Answer, b: Answer): boolean {
  const sorted = ({ inSync }: Answer) => inSync.toSorted((x, y) => x - y).join();
  return a.epoch === b.epoch && a.leader === b.leader && sorted(a) === sorted(b);
}
