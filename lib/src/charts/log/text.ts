import { type Ledger, type Position, recordsIn } from '../../ledger/index.js';
import { count, list } from '../../words.js';
import { nothing } from '../drawing/caveats.js';
import { called, sentence } from '../drawing/words.js';
import { type LogOptions, unreadOf } from './marks.js';

/** How many records a topic holds, and how far the group has read each partition, that with the most unread first to be told. */
export function describe(
  ledger: Ledger,
  { topic, group, committed = false }: LogOptions,
  rows: readonly Position[],
  notes: string[],
): string {
  const total = rows.reduce((sum, { partition }) => sum + recordsIn(ledger, topic, partition), 0);
  if (total === 0) return [nothing(ledger, topic), ...notes].join(' ');
  const holds = `Topic ${called(topic)} holds ${count(total, 'record')}`;
  return sentence({
    items: rows,
    weight: unreadOf,
    word: (row) => howFar(row, committed),
    say: (words) => `${holds}; group ${called(group)} has read ${list(words)}.`,
    notes,
  });
}

function howFar({ partition, position, start, end, committed }: Position, tell: boolean): string {
  const bookmark = ` (committed: ${committed === undefined ? 'nothing' : `offset ${committed}`})`;
  const log = start === 0 ? `${end}` : `${end} (from ${start} on)`;
  return `${position} of ${log} in partition ${partition}${tell ? bookmark : ''}`;
}
