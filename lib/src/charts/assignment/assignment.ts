import {
  byName,
  type Gap,
  gaps,
  type Idleness,
  idleness,
  type Ledger,
  type Ownership,
  ownership,
} from '../../ledger/index.js';
import { count, list } from '../../words.js';
import { axisOf, type Chart, chart, mostRows, rows } from '../drawing/chart.js';
import { type Lanes, lanesOf, owned } from '../drawing/lanes.js';
import { cast, weightBy } from '../drawing/palette.js';
import { byLane, nothingYet } from '../drawing/rows.js';
import { brief, called, leftOut, seconds, sentence, telling } from '../drawing/words.js';
import { allBars, idleLane } from './bars.js';
import { layers, named } from './layers.js';

interface Options {
  group: string;
  /** Leaves out what ended before, in milliseconds since 1970: reading takes longer than most experiments. */
  from?: number;
  until?: number;
}

/**
 * Lanes: one for each partition of a group, its owner over time in seconds since the first assignment, or since `from`. A
 * grey stretch has no owner (the group rebalances). A member that owns nothing has a lane of its own below the partitions.
 */
export function assignment(ledger: Ledger, { group, from = 0, until }: Options): Chart {
  const title = `Who owns which partition: group ${called(group)}`;
  const isAfter = ({ to = Infinity }: { to?: number | undefined }) => to > from;
  const spans = ownership(ledger, group).filter(isAfter);
  if (spans.length === 0) {
    const text = `No partition of group ${called(group)} has an owner yet.`;
    return chart(text, nothingYet(title, 'nobody has joined yet'));
  }
  const first = Math.min(...spans.map(({ from }) => from));
  const start = Math.max(from, first);
  const last = Math.max(until ?? 0, lastTime(ledger, group));
  const end = Math.max(until ?? 0, last + (last - start) * AFTER_LAST);
  const pauses = gaps(spans);
  const idle = idleness(ledger, group).filter(isAfter);
  const partitions = lanesOf(spans);
  const bars = allBars(ledger, group, { spans, idle, pauses }, { partitions, start, end });
  const all = [...partitions.order, ...new Set(idle.map(({ member }) => idleLane(member)))];
  const lanes = telling(
    all,
    mostRows(LEAST_OF_LANE),
    weightBy(bars, (bar) => bar.lane),
  );
  const notes = leftOut(lanes.length, all.length, 'lane', 'those that changed hands most often');
  const values = bars.filter(({ lane }) => lanes.includes(lane));
  const seen = values.filter(({ member }) => member !== 'nobody');
  const owners = cast(members(ledger, group), {
    all: members(ledger),
    weight: weightBy(seen, (bar) => bar.member),
  });
  const drawing = {
    title,
    height: rows(lanes.length, 34),
    data: { values: values.map((bar) => named(bar, owners)) },
    encoding: {
      y: byLane(lanes),
      x: {
        field: 'from',
        type: 'quantitative',
        title: start > first ? 'seconds' : 'seconds since the first assignment',
      },
      x2: { field: 'to' },
    },
    layer: layers(owners, axisOf(lanes), idle.length > 0),
  };
  return chart(describe(group, spans, { partitions, pauses, idle, notes }, last), drawing, notes);
}

/** By this share of its time the picture goes on after the last fact: an owner that has just come is to be seen, too. */
const AFTER_LAST = 0.03;

/** A lane that can be read has so many pixels. */
const LEAST_OF_LANE = 20;

/** Members in the order in which they first joined: the order of their colours. */
export function members(ledger: Ledger, group?: string): string[] {
  const scope = group === undefined ? {} : { group };
  const joins = ledger.members(scope).filter(({ kind }) => kind === 'joined');
  return [...new Set(joins.map(({ member }) => member))];
}

function lastTime(ledger: Ledger, group: string): number {
  const trails = ledger.trailsOf('processed', { group }).filter(({ length }) => length > 0);
  return Math.max(
    ...ledger.members({ group }).map(({ time }) => time),
    ...trails.map((trail) => trail.time(trail.length - 1)),
  );
}

interface Around {
  partitions: Lanes;
  pauses: Gap[];
  idle: Idleness[];
  notes: string[];
}

function describe(
  group: string,
  spans: Ownership[],
  { partitions, pauses, idle, notes }: Around,
  end: number,
): string {
  const now = spans.filter(({ to }) => to === undefined);
  const owners = [...new Set(now.map(({ member }) => member))].sort(byName);
  const shares = owners.map((member) => {
    const own = now.filter((span) => span.member === member);
    return { n: own.length, words: `${brief(member)} owns ${owned(own, partitions)}` };
  });
  const without = idle.filter(({ to }) => to === undefined).map(({ member }) => member);
  if (without.length > 0) shares.push({ n: Infinity, words: none(without.sort(byName)) });
  const longest = Math.max(0, ...pauses.map(({ from, to }) => (to ?? end) - from));
  const pause =
    pauses.length > 0
      ? `; the longest pause of a partition without an owner was ${seconds(longest)}`
      : '';
  return sentence({
    items: shares,
    weight: ({ n }) => n,
    word: ({ words }) => words,
    say: (words) => {
      const state = words.length > 0 ? words.join(', ') : 'nobody owns a partition now';
      return `Group ${called(group)}: ${state}${pause}; ${count(spans.length, 'assignment')} in all.`;
    },
    notes,
  });
}

/** So many members without a partition are named. */
const MOST_IDLE = 3;

function none(members: string[]): string {
  const [named, more] = [
    members.slice(0, MOST_IDLE).map((name) => brief(name)),
    members.length - MOST_IDLE,
  ];
  const all = more > 0 ? [...named, `${more} more`] : named;
  return `${list(all)} ${all.length > 1 ? 'own' : 'owns'} none`;
}
