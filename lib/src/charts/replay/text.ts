import type { Ledger, MemberFact, Moment } from '../../ledger/index.js';
import { count } from '../../words.js';
import { brief, called, seconds, sentence } from '../drawing/words.js';
import type { Steps } from './steps.js';

export interface ReplayOptions {
  topic: string;
  group: string;
  /** Leaves out what was before, in milliseconds since 1970. */
  from?: number;
}

/** A change that a replay shows, and when: in milliseconds since 1970. */
interface Change {
  time: number;
  words: string;
}

/** What changes when: who comes and goes, where the lag is highest, and what is done at the end. */
export function describe(
  ledger: Ledger,
  { topic, group }: ReplayOptions,
  { steps, moments }: { steps: Steps; moments: readonly Moment[] },
  notes: readonly string[],
): string {
  const processed = ledger.trail('processed', { topic, group }).distinct;
  const produced = ledger.trail('produced', { topic }).distinct;
  const about = `Replay of ${seconds(steps.last * 1000)}, group ${called(group)} on topic ${called(topic)}`;
  const end = `at the end ${processed} of ${count(produced, 'record')} are processed`;
  return sentence({
    items: changesOf(ledger.members({ group }), steps),
    weight: ({ time }) => -time,
    word: ({ time, words }) => `${words} after ${seconds(time - steps.start)}`,
    say: (words) => `${about}: ${[...words, ...highest(moments, steps), end].join('; ')}.`,
    notes,
  });
}

/** Members that come and go. Within a rebalance all of them join anew: that is neither. */
function changesOf(facts: readonly MemberFact[], { start }: Steps): Change[] {
  const present = new Set<string>();
  const found: Change[] = [];
  for (const { kind, member, time } of facts) {
    const isChange =
      kind === 'joined' ? !present.has(member) : kind === 'left' || kind === 'crashed';
    if (kind === 'joined') present.add(member);
    else if (isChange) present.delete(member);
    if (!isChange || time < start) continue;
    found.push({ time, words: `${brief(member)} ${SAID[kind as keyof typeof SAID]}` });
  }
  return found;
}

const SAID = { joined: 'joins', left: 'leaves', crashed: 'crashes' };

function highest(moments: readonly Moment[], { start }: Steps): string[] {
  let most = { time: start, lag: 0 };
  for (const { peak } of moments.slice(1)) if (peak && peak.lag > most.lag) most = peak;
  const first = moments[0];
  if (first && first.lag >= most.lag) most = { time: start, lag: first.lag };
  return most.lag > 0 ? [`the lag is highest after ${seconds(most.time - start)}`] : [];
}
