import type { Account, Ledger, Rewind, Trail } from '../../ledger/index.js';
import { count, list } from '../../words.js';
import { called, sentence } from '../drawing/words.js';
import type { BookmarkOptions } from './marks.js';

/** How often the group has processed the records, and where its bookmark was moved back, the newest first to be told. */
export function describe(
  ledger: Ledger,
  { topic, group }: BookmarkOptions,
  { did, moves }: { did: Account; moves: readonly Rewind[] },
  notes: string[],
): string {
  const { skipped, produced, processed } = did;
  const all = `Group ${called(group)} has processed ${processed} of ${count(produced, 'record')} of topic ${called(topic)}`;
  const often = `${all}: ${howOften(ledger.trail('processed', { topic, group }), skipped.length)}.`;
  const { forgotten, length } = ledger.trail('committed', { topic, group });
  const newest =
    forgotten > 0 ? `Among its newest ${count(length, 'commit')} the bookmark` : 'Its bookmark';
  if (moves.length === 0) return [`${often} ${newest} was never moved back.`, ...notes].join(' ');
  return sentence({
    items: moves,
    weight: ({ time }) => time,
    word: ({ partition, from, to }) => `from ${from} to ${to} in partition ${partition}`,
    say: (words) => `${often} ${newest} was moved back ${list(words)}.`,
    notes,
  });
}

function howOften(processed: Trail, skipped: number): string {
  const times = [0, 0, 0];
  for (const partition of processed.partitions())
    for (const [, n] of processed.offsets(partition).entries()) times[Math.min(n, 3) - 1]!++;
  const [once, twice, more] = times as [number, number, number];
  const words = [`${once} once`, `${twice} twice`];
  if (more > 0) words.push(`${more} more often`);
  return list(skipped > 0 ? [...words, `${skipped} skipped`] : words);
}
