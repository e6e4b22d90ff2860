import {
  goneRecords,
  type Ledger,
  lostRecords,
  openRecords,
  recordsInDoubt,
  refusedRecords,
} from '../../ledger/index.js';
import { count } from '../../words.js';
import { called } from './words.js';

/**
 * What to add to a sentence about a topic, weightiest first: what is lost, in doubt or refused, what transactions have left open or
 * aborted, what has left the log, and of how many records only counts are kept. Nothing where there is none of it, and nothing of
 * compaction where the sentence tells of it already.
 */
export function caveats(
  ledger: Ledger,
  topic: string,
  { tellCompacted = true, tellLost = true }: { tellCompacted?: boolean; tellLost?: boolean } = {},
): string[] {
  const { expired, deleted, compacted } = goneRecords(ledger, topic);
  const unsaid = tellCompacted ? compacted : 0;
  const { forgotten } = ledger.trail('produced', { topic });
  return [
    ...told(
      tellLost ? lostRecords(ledger, topic) : 0,
      'record',
      (are) => `${are} lost: acknowledged, and not in the log.`,
    ),
    ...doubtful(recordsInDoubt(ledger, topic)),
    ...told(refusedRecords(ledger, topic), 'record', (_, were) => `${were} refused.`),
    ...told(openRecords(ledger, topic), 'record', (are) => `${are} in an open transaction.`),
    ...told(ledger.trail('aborted', { topic }).distinct, 'record', (_, were) => `${were} aborted.`),
    ...told(expired, 'record', (are) => `of the topic ${are === 'is' ? 'has' : 'have'} expired.`),
    ...told(deleted, 'record', (are) => `of the topic ${are} deleted.`),
    ...told(unsaid, 'record', (are) => `of the topic ${are} compacted away.`),
    ...(forgotten > 0 ? [`Of the oldest ${count(forgotten, 'record')} only counts are kept.`] : []),
  ];
}

/** What to say of a topic in which the ledger knows no record. */
export function nothing(ledger: Ledger, topic: string): string {
  const isKnown = recordsInDoubt(ledger, topic) === 0;
  const isEmpty =
    isKnown && [...ledger.log(topic).values()].every(({ start, end }) => start >= end);
  return `Topic ${called(topic)} ${isEmpty ? 'is empty' : isKnown ? 'has no record' : 'has no record that is known'}.`;
}

function told(many: number, noun: string, say: (are: string, were: string) => string): string[] {
  if (many === 0) return [];
  return [`${count(many, noun)} ${many === 1 ? say('is', 'was') : say('are', 'were')}`];
}

function doubtful(records: number): string[] {
  const [are, them] = records === 1 ? ['is', 'it'] : ['are', 'them'];
  const why = `until somebody reads ${them}: the broker did not tell an offset.`;
  return records > 0 ? [`${count(records, 'record')} more ${are} in doubt ${why}`] : [];
}
