import type { Ledger } from '../store/ledger.js';

/** What tells what became of the records of a topic in a group. */
export type Sources = ReturnType<typeof sourcesOf>;

export function sourcesOf(ledger: Ledger, group: string, topic: string) {
  const committed = ledger.trail('committed', { group, topic });
  return {
    committed,
    produced: ledger.trail('produced', { topic }),
    delivered: ledger.trail('delivered', { group, topic }),
    processed: ledger.trail('processed', { group, topic }),
    bookmarks: new Map(
      committed.partitions().map((partition) => [partition, committed.newest(partition) ?? 0]),
    ),
  };
}
