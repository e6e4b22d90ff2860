import { byName, gaps, type Ledger, ownership, reach, type Trail } from '../ledger/index.js';
import { count } from '../words.js';
import { members } from './assignment/assignment.js';
import { caveats } from './drawing/caveats.js';
import { type Chart, chart, INK, PAPER, pickable, toldApart } from './drawing/chart.js';
import { type Cast, cast, NOBODY } from './drawing/palette.js';
import { brief, called, forgottenStretch, seconds, sentence } from './drawing/words.js';

const MOST_SLOTS = 40;

interface Options {
  topic: string;
  group: string;
  /**
   * Records per second that one member can do: a dashed line at this, and at as many times this as there are members. A line so
   * high that the bars would be squashed is told below the title instead.
   */
  capacity?: number;
  /** Leaves out what was processed before, in milliseconds since 1970. */
  from?: number;
}

/**
 * Records processed per second by a group, stacked by member; grey where a partition had no owner. The share of each
 * member is in the sentence.
 */
export function throughput(ledger: Ledger, { topic, group, capacity, from = 0 }: Options): Chart {
  const processed = ledger.trail('processed', { topic, group });
  const back = reach(ledger, [processed], from);
  const first = firstFrom(processed, back.from);
  const start = (back.isWhole ? processed.first : undefined) ?? timeOf(processed, first);
  const end = Math.max(start, processed.last ?? start);
  const width = slotWidth(end - start);
  const names = members(ledger, group);
  const share = shares(processed, first, back.isWhole);
  const scale = cast(names, { all: members(ledger), weight: (name) => share.get(name) ?? 0 });
  const blocks = slots(processed, scale, { first, start, width });
  const capacities = capacity === undefined ? [] : capacitiesOf(capacity, names.length);
  const highest = MOST_ABOVE * Math.max(0, ...blocks.map(({ high }) => high)) || Infinity;
  const notes = [
    ...outOfSight(capacities.filter(({ perSecond }) => perSecond > highest)),
    ...forgottenStretch(ledger, back, back.isCut ? from : start),
  ];
  const unowned = pauses(ledger, { topic, group }, { start, end });
  const drawing = {
    title: `Throughput of group ${called(group)} on topic ${called(topic)}`,
    height: 200,
    layer: [
      bars(scale, blocks),
      shades(unowned),
      ...capacityLines(capacities.filter(({ perSecond }) => perSecond <= highest)),
    ],
  };
  const text = describe(group, share, end - start, [...notes, ...caveats(ledger, topic)]);
  const grey = unowned.length > 0 ? ['grey: a partition has no owner'] : [];
  return chart(text, drawing, [...grey, ...notes]);
}

/** A round number of milliseconds, such that there are no more than forty slots. */
function slotWidth(span: number): number {
  const steps = [100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000];
  return steps.find((step) => span / step <= MOST_SLOTS) ?? Math.ceil(span / MOST_SLOTS);
}

interface Block {
  member: string;
  from: number;
  to: number;
  low: number;
  high: number;
  records: number;
}

/** Blocks stacked by hand: Vega-Lite does not stack what has a start and an end of its own. */
function slots(
  processed: Trail,
  { domain: names, of }: Cast,
  { first, start, width }: { first: number; start: number; width: number },
): Block[] {
  const counts = new Map<number, number[]>();
  for (let i = first; i < processed.length; i++) {
    const slot = Math.floor((processed.time(i) - start) / width);
    const row = counts.get(slot) ?? names.map(() => 0);
    const at = names.indexOf(of(processed.member(i)));
    row[at] = (row[at] ?? 0) + 1;
    counts.set(slot, row);
  }
  return [...counts].flatMap(([slot, row]) => {
    let low = 0;
    return row.map((records, i) => {
      const bottom = low;
      low += Math.round((records * 10_000) / width) / 10;
      const from = Math.round(slot * width) / 1000;
      const to = Math.round((slot + 1) * width) / 1000;
      return { member: names[i] as string, from, to, low: bottom, high: low, records };
    });
  });
}

function bars({ domain, range }: Cast, blocks: Block[]): object {
  const { params, opacity } = pickable('member');
  return {
    params,
    data: { values: blocks.filter(({ records }) => records > 0) },
    mark: { type: 'rect', stroke: PAPER, strokeWidth: 0.5 },
    encoding: {
      x: {
        field: 'from',
        type: 'quantitative',
        title: 'seconds since the first record was processed',
      },
      x2: { field: 'to' },
      y: { field: 'low', type: 'quantitative', title: 'records per second' },
      y2: { field: 'high' },
      color: toldApart('member', 'member', { domain, range }),
      opacity,
      tooltip: [{ field: 'member' }, { field: 'from', title: 'from second' }, { field: 'records' }],
    },
  };
}

/** A partition without an owner, in seconds since the start of the chart. */
interface Pause {
  partition: number;
  from: number;
  to: number;
}

function pauses(
  ledger: Ledger,
  reading: { topic: string; group: string },
  { start, end }: { start: number; end: number },
): Pause[] {
  return gaps(ownership(ledger, reading.group))
    .filter(({ topic, from, to = end }) => topic === reading.topic && from < end && to > start)
    .map(({ partition, from, to = end }) => ({
      partition,
      from: Math.round(Math.max(from, start) - start) / 1000,
      to: Math.round(Math.min(to, end) - start) / 1000,
    }));
}

function shades(values: Pause[]): object {
  return {
    data: { values },
    mark: { type: 'rect', color: NOBODY, stroke: NOBODY, opacity: 0.3 },
    encoding: {
      x: { field: 'from', type: 'quantitative' },
      x2: { field: 'to' },
      tooltip: [
        { field: 'partition', title: 'no owner: partition' },
        { field: 'from' },
        { field: 'to' },
      ],
    },
  };
}

/** Lines closer together would not be told apart. */
const MOST_LINES = 6;

/** How much higher than the bars a line may be: they keep half of the picture. */
const MOST_ABOVE = 2;

interface Capacity {
  members: number;
  perSecond: number;
}

/** What one member can do, what two can do, and so on; of many members, what one and what all of them can do. */
function capacitiesOf(capacity: number, members: number): Capacity[] {
  const all = Array.from({ length: members }, (_, i) => i + 1);
  const drawn = members > MOST_LINES ? [1, members] : all;
  return drawn.map((n) => ({ members: n, perSecond: Math.round(capacity * n * 10) / 10 }));
}

/** Which lines are left out. */
function outOfSight(capacities: Capacity[]): string[] {
  const [lowest, highest] = [capacities[0], capacities.at(-1)];
  if (!lowest || !highest) return [];
  const from = lowest === highest ? '' : `${lowest.members} to `;
  const rates = lowest === highest ? '' : `${lowest.perSecond} to `;
  const members = `${from}${count(highest.members, 'member')}`;
  return [`Not drawn: what ${members} can do, ${rates}${highest.perSecond} a second.`];
}

function capacityLines(capacities: Capacity[]): object[] {
  if (capacities.length === 0) return [];
  const values = capacities.map(({ members, perSecond }) => ({
    perSecond,
    label: `all that ${count(members, 'member')} can do`,
  }));
  const data = { values };
  const y = { field: 'perSecond', type: 'quantitative' };
  const encoding = { x: { value: 'width' }, y, text: { field: 'label' } };
  const label = { type: 'text', color: INK, align: 'right', dy: -7, fontSize: 11 };
  // Bars may lie behind a label: a seam of paper lets it be read.
  const seam = { ...label, stroke: PAPER, strokeWidth: 5, strokeJoin: 'round' };
  const rule = { type: 'rule', color: INK, strokeDash: [6, 4], strokeWidth: 1.5 };
  return [
    { data, mark: rule, encoding: { y } },
    { data, mark: seam, encoding },
    { data, mark: label, encoding },
  ];
}

/** How many each member processed: forgotten ones too, unless some are to be left out. */
function shares(processed: Trail, first: number, isWhole: boolean): Map<string, number> {
  if (isWhole) return processed.byMember;
  const found = new Map<string, number>();
  for (let i = first; i < processed.length; i++) {
    const member = processed.member(i);
    found.set(member, (found.get(member) ?? 0) + 1);
  }
  return found;
}

/** When a fact came; 0 where there is none. */
function timeOf(trail: Trail, i: number): number {
  return i < trail.length ? trail.time(i) : 0;
}

/** The index of the first fact at `from` or later. */
function firstFrom(trail: Trail, from: number): number {
  let i = 0;
  while (i < trail.length && trail.time(i) < from) i++;
  return i;
}

function describe(
  group: string,
  shares: Map<string, number>,
  span: number,
  notes: string[],
): string {
  const total = [...shares.values()].reduce((sum, n) => sum + n, 0);
  if (total === 0) return [`Group ${called(group)} has processed nothing yet.`, ...notes].join(' ');
  const sorted = [...shares].sort(([a], [b]) => byName(a, b));
  const processed = `Group ${called(group)} processed ${count(total, 'record')}`;
  return sentence({
    items: sorted,
    weight: ([, n]) => n,
    word: ([member, n]) => `${brief(member)} ${n}`,
    say: (words) => `${processed} in ${seconds(span)}: ${words.join(', ')}.`,
    notes,
  });
}
