import type { Ledger, ReplicaSpan, ReplicaState, Trail, Unanswered } from '../../ledger/index.js';
import { count } from '../../words.js';

/** What became of records that were sent, in the order of their lanes. */
export const ANSWERS = ['acknowledged', 'lost', 'in doubt', 'refused'] as const;
export type Answered = (typeof ANSWERS)[number];

/** A stretch of a lane, in seconds since the start of the chart. */
export interface Bar {
  lane: string;
  what: string;
  from: number;
  to: number;
  /** For the tooltip. */
  note: string;
}

export interface Window {
  start: number;
  end: number;
}

/** In words: what a legend says. */
export const STATES: Record<ReplicaState, string> = {
  leads: 'leads',
  'in sync': 'in sync',
  behind: 'not in sync',
  still: 'stands still',
  gone: 'is gone',
};

/** A lane for each broker, and where there are several partitions, for each broker of each. */
export function brokerLane({ partition, broker }: ReplicaSpan, several: boolean): string {
  return several ? `partition ${partition} · broker ${broker}` : `broker ${broker}`;
}

export function brokerBars(
  spans: readonly ReplicaSpan[],
  several: boolean,
  { start, end }: Window,
): Bar[] {
  return spans
    .filter(({ from, to = end }) => to >= start && from <= end)
    .map((span) => ({
      lane: brokerLane(span, several),
      what: STATES[span.state],
      from: since(start, Math.max(start, span.from)),
      to: since(start, Math.min(end, span.to ?? end)),
      note: '',
    }));
}

/** What became of each record of a topic, with the time at which its producer knew. Of forgotten ones the time is not known. */
export function answers(ledger: Ledger, topic: string): { what: Answered; time: number }[] {
  const produced = ledger.trail('produced', { topic });
  const isLost = lostOnes(ledger, topic, produced);
  const acknowledged = Array.from({ length: produced.length }, (_, i) => ({
    what: isLost(i) ? ('lost' as const) : ('acknowledged' as const),
    time: produced.time(i),
  }));
  const others = ledger
    .unanswered(topic)
    .map(({ kind, time }: Unanswered) => ({ what: kind, time }));
  return [...acknowledged, ...others];
}

/** Of several that were acknowledged with one offset, the earlier ones are the lost. */
function lostOnes(ledger: Ledger, topic: string, produced: Trail): (i: number) => boolean {
  const lost = ledger.trail('lost', { topic });
  const lostAt = new Set<number>();
  const left = new Map<string, number>();
  for (let i = 0; i < produced.length; i++) {
    const [partition, offset] = [produced.partition(i), produced.offset(i)];
    const place = `${partition}/${offset}`;
    const many = left.get(place) ?? lost.offsets(partition).at(offset);
    if (many > 0) lostAt.add(i);
    left.set(place, many - 1);
  }
  return (i) => lostAt.has(i);
}

/** So many bars a lane of records has at most, however many records there are. */
const SLOTS = 150;

/** Lanes of records: in each slot of time one bar, if there is a record. */
export function answerBars(
  found: readonly { what: Answered; time: number }[],
  { start, end }: Window,
): Bar[] {
  const width = Math.max(1, end - start) / SLOTS;
  return ANSWERS.flatMap((what) => {
    const slots = new Map<number, number>();
    const own = found.filter((one) => one.what === what && one.time >= start && one.time <= end);
    for (const { time } of own) {
      const slot = Math.min(SLOTS - 1, Math.floor((time - start) / width));
      slots.set(slot, (slots.get(slot) ?? 0) + 1);
    }
    return [...slots]
      .sort(([a], [b]) => a - b)
      .map(([slot, many]) => ({
        ...{ lane: `${own.length} ${what}`, what, note: count(many, 'record') },
        from: since(0, slot * width),
        to: since(0, (slot + 1) * width),
      }));
  });
}

function since(start: number, time: number): number {
  return Math.round(time - start) / 1000;
}
