import type { Gap, Idleness, Ledger, Ownership } from '../../ledger/index.js';
import { count } from '../../words.js';
import type { Lanes } from '../drawing/lanes.js';
import { brief } from '../drawing/words.js';

/** What one owner had of one partition, in seconds since the start of the chart. */
export interface Bar {
  lane: string;
  member: string;
  from: number;
  to: number;
  /** How many, in words where some are forgotten. */
  records: number | string;
  label: string;
}

interface Window {
  start: number;
  end: number;
}

interface Drawing extends Window {
  partitions: Lanes;
}

interface Spans {
  spans: Ownership[];
  idle: Idleness[];
  pauses: Gap[];
}

/** Of partitions and their owners, of members without one, and of pauses. */
export function allBars(
  ledger: Ledger,
  group: string,
  { spans, idle, pauses }: Spans,
  drawing: Drawing,
): Bar[] {
  return [
    ...toBars(ledger, group, spans, drawing),
    ...idle.map((span) => toIdle(span, drawing)),
    ...pauses.map((gap) => toPause(gap, drawing)),
  ];
}

function toBars(
  ledger: Ledger,
  group: string,
  spans: Ownership[],
  { partitions, start, end }: Drawing,
): Bar[] {
  const counts = countBySpan(ledger, group, spans);
  const covered = coveredFrom(spans);
  return spans.map((span, i) => {
    const { member, from, to = Infinity } = span;
    const stop = Math.min(to, end);
    const seen = Math.min(stop, covered[i] as number) - Math.max(from, start);
    const known = counts[i] as number;
    const least = from < ledger.keptFrom ? 'at least ' : '';
    const records = `${least}${count(known, 'record')}`;
    const label = barLabel(member, records, seen / (end - start));
    return {
      lane: partitions.nameOf(span),
      member,
      records: least ? `${least}${known}` : known,
      label,
      ...relative(from, stop, start),
    };
  });
}

/** From when on the next owner's bar lies on that of each span: both may have a partition for a while. */
function coveredFrom(spans: readonly Ownership[]): number[] {
  const next = new Map<string, number>();
  return spans
    .toReversed()
    .map(({ topic, partition, from }) => {
      const place = `${topic}/${partition}`;
      const cover = next.get(place) ?? Infinity;
      next.set(place, from);
      return cover;
    })
    .reverse();
}

/** How many records were processed in each span: one pass, since spans and records of a partition are in order of time. */
function countBySpan(ledger: Ledger, group: string, spans: Ownership[]): number[] {
  const counts = new Map(spans.map((span) => [span, 0]));
  for (const trail of ledger.trailsOf('processed', { group })) {
    const ahead = spansByPartition(spans, trail.topic);
    for (let i = 0; i < trail.length; i++) {
      const [partition, time, member] = [trail.partition(i), trail.time(i), trail.member(i)];
      const queue = ahead.get(partition) ?? [];
      while (queue.length > 1 && time > endOf(queue[0])) queue.shift();
      // A member may not know yet that its partition has gone to another: then both have it.
      const span = queue.find(
        (one) => one.from > time || (one.member === member && time <= endOf(one)),
      );
      if (span && span.from <= time) counts.set(span, (counts.get(span) ?? 0) + 1);
    }
  }
  return spans.map((span) => counts.get(span) ?? 0);
}

function spansByPartition(spans: Ownership[], topic: string): Map<number, Ownership[]> {
  const found = new Map<number, Ownership[]>();
  for (const span of spans) {
    if (span.topic !== topic) continue;
    const before = found.get(span.partition);
    if (before) before.push(span);
    else found.set(span.partition, [span]);
  }
  return found;
}

const endOf = (span: Ownership | undefined): number => span?.to ?? Infinity;

/** What fits into a bar of this share of the width; the rest is in the tooltip. */
function barLabel(member: string, records: string, width: number): string {
  const fits = (text: string) => (text.length * LETTER + 8) / PLOT < width;
  const name = brief(member);
  const all = `${name}: ${records}`;
  if (width > 0.25 && fits(all)) return all;
  return width > 0.05 && fits(name) ? name : '';
}

/** A letter of a label, and how wide lanes are where nothing is done about it while they are drawn, in pixels. */
const LETTER = 7;
const PLOT = 480;
/** What a label may be long, in pixels: on a narrow page it ends in dots. 0 is no limit. */
export const IN_ITS_BAR = `width < ${PLOT} ? max(1, scale('x', datum.to) - scale('x', datum.from) - 8) : 0`;

function toPause(gap: Gap, { partitions, start, end }: Drawing): Bar {
  const { from, to = Infinity } = gap;
  const times = relative(from, Math.min(to, end), start);
  return { lane: partitions.nameOf(gap), member: 'nobody', records: 0, label: '', ...times };
}

function toIdle({ member, from, to = Infinity }: Idleness, { start, end }: Window): Bar {
  const times = relative(from, Math.min(to, end), start);
  return { lane: idleLane(member), member, records: 0, label: '', ...times };
}

function relative(from: number, to: number, start: number): { from: number; to: number } {
  return { from: round((Math.max(from, start) - start) / 1000), to: round((to - start) / 1000) };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

export function idleLane(member: string): string {
  return `${member} is idle`;
}
