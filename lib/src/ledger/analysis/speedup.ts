import type { Ledger } from '../store/ledger.js';
import { drain } from './drain.js';
import type { Span } from './load.js';

/**
 * How many times as fast a group was as one of its members would have been at least: the time that all records took in the
 * handler, divided by the time that the group needed. Figures are rounded to hundredths, and 0 where nothing was processed.
 */
export interface Speedup {
  /** Records processed by each member. */
  shares: Record<string, number>;
  timesAsFast: number;
  /** The most that was possible: the group needed at least as long as its busiest member worked. */
  bound: number;
  /** Until the first member had processed its last record: afterwards not all of them had work. */
  whileAllWorked: number;
}

/** Measures what a group gained by having more than one member, in a stretch of time in which each handled one record at a time. */
export function speedup(ledger: Ledger, group: string, topic: string, span: Span): Speedup {
  const from = Math.max(span.from, ledger.keptFrom);
  const { duration, members, records } = drain(ledger, group, topic, { ...span, from });
  const busy = members.map((member) => member.busy);
  const total = busy.reduce((sum, ms) => sum + ms, 0);
  const allWorked = Math.min(...members.map(({ finished }) => finished));
  const times = ledger
    .records('processed', { group, topic })
    .map(({ time }) => time)
    .filter((time) => time >= from && time <= span.to);
  const begun = (times.at(-1) ?? 0) - duration;
  const early = times.filter((time) => time - begun <= allWorked).length;
  return {
    shares: Object.fromEntries(members.map((member) => [member.member, member.records])),
    timesAsFast: ratio(total, duration),
    bound: ratio(total, Math.max(...busy)),
    whileAllWorked: ratio((early * total) / records, allWorked),
  };
}

function ratio(a: number, b: number): number {
  return a > 0 && b > 0 ? Math.round((100 * a) / b) / 100 : 0;
}
