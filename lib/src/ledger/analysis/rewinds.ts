import type { Ledger } from '../store/ledger.js';

/** A bookmark that was moved back: its records come again. */
export interface Rewind {
  partition: number;
  /** The committed offset before, and the earlier one that it was moved to. */
  from: number;
  to: number;
  /** Milliseconds since 1970. */
  time: number;
  /** The client id of who moved it: an admin client, or a consumer that sought or committed. */
  member: string;
}

/** Where the bookmarks of a group on a topic were moved back, oldest first. Of commits whose detail is forgotten none is known. */
export function rewinds(ledger: Ledger, group: string, topic: string): Rewind[] {
  const committed = ledger.trail('committed', { group, topic });
  const bookmarks = new Map<number, number>();
  const found: Rewind[] = [];
  for (let i = 0; i < committed.length; i++) {
    const [partition, to] = [committed.partition(i), committed.offset(i)];
    const from = bookmarks.get(partition) ?? -1;
    bookmarks.set(partition, to);
    // -1 says that there is no bookmark any more: a consumer decides by itself where it begins.
    if (to < 0 || to >= from) continue;
    found.push({ partition, from, to, time: committed.time(i), member: committed.member(i) });
  }
  return found;
}
