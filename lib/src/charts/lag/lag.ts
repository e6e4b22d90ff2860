import { type LagSample, type Ledger, lagNow, lagSamples, outages } from '../../ledger/index.js';
import { count, list } from '../../words.js';
import { caveats } from '../drawing/caveats.js';
import { type Chart, chart, pickable, toldApart } from '../drawing/chart.js';
import { FEW, rimmed, upwards } from '../drawing/lines.js';
import { colours, MOST_COLOURS, NOBODY } from '../drawing/palette.js';
import {
  brief,
  called,
  forgottenStretch,
  leftOut,
  seconds,
  sentence,
  shortNames,
  telling,
} from '../drawing/words.js';
import { knownSpan } from './known-span.js';

/** A chart is as wide as so many points: more would not be seen. */
const MOST_POINTS = 120;

export interface LagOptions {
  topic: string;
  groups: string[];
  /** What its lines are: the lag in records, or in seconds, which is the age of the oldest record not committed: records. */
  unit?: 'records' | 'seconds';
  /** Leaves out what was before, in milliseconds since 1970. */
  from?: number;
}

/**
 * The lag of groups on a topic over time, a line a group; grey where a group had no member. Lag is counted as Kafka does:
 * end offset minus committed offset.
 */
export function lag(
  ledger: Ledger,
  { topic, groups, unit = 'records', from = 0 }: LagOptions,
): Chart {
  const { start: first, end, isForgotten } = knownSpan(ledger, topic, groups);
  const start = Math.max(first, Math.min(from, end));
  const drawn = telling(groups, MOST_COLOURS, (group) => lagNow(ledger, group, topic));
  const notes = leftOut(drawn.length, groups.length, 'group', 'those with the greatest lag now');
  const { keptFrom } = ledger;
  const since = isForgotten && keptFrom > start ? keptFrom : undefined;
  const series = drawn.map((group) => ({
    group,
    points: lagSamples(ledger, group, topic, {
      from: start,
      to: end,
      slots: MOST_POINTS / drawn.length,
    }).filter(({ time }) => time >= start),
  }));
  const nameOf = shortNames(groups);
  const names = drawn.map(nameOf);
  const values = series.flatMap(({ group, points }) =>
    points.map(({ time, lag, seconds }) => ({
      group: nameOf(group),
      time: inSeconds(time - start),
      lag,
      age: Math.round(seconds * 100) / 100,
    })),
  );
  const y =
    unit === 'records'
      ? upwards(
          'lag',
          'lag in records',
          values.map(({ lag }) => lag),
          FEW,
        )
      : upwards(
          'age',
          'age of the oldest in seconds',
          values.map(({ age }) => age),
          1,
        );
  const away = without(ledger, drawn, { start, end });
  const drawing = {
    title: `Lag on topic ${called(topic)}`,
    height: 220,
    layer: [
      shades(away.map((outage) => ({ ...outage, group: nameOf(outage.group) }))),
      { data: { values }, ...lines(names, start > first ? 'seconds' : SINCE_FIRST, y) },
    ],
  };
  const text = sentence({
    items: series,
    besides: groups.length - drawn.length,
    weight: peakOf,
    word: ({ group, points }) => describe(brief(nameOf(group)), points, start, since),
    say: (words) => `${words.join('; ')}.`,
    notes: [...notes, ...caveats(ledger, topic)],
  });
  const back = { from: start, isWhole: since !== undefined, isCut: false };
  const grey = greyIs([...new Set(away.map(({ group }) => nameOf(group)))]);
  return chart(text, drawing, [...grey, ...notes, ...forgottenStretch(ledger, back, start)]);
}

interface Series {
  group: string;
  points: LagSample[];
}

const peakOf = ({ points }: Series) => points.reduce((most, { lag }) => Math.max(most, lag), 0);

interface Away {
  group: string;
  /** In seconds since the start of the chart. */
  from: number;
  to: number;
}

/** When which of the groups had no member. */
function without(
  ledger: Ledger,
  groups: readonly string[],
  { start, end }: { start: number; end: number },
): Away[] {
  return groups.flatMap((group) =>
    outages(ledger, group)
      .filter(({ from, to = end }) => from < end && to > start)
      .map(({ from, to = end }) => ({
        group,
        from: inSeconds(Math.max(from, start) - start),
        to: inSeconds(Math.min(to, end) - start),
      })),
  );
}

/** So many groups are named, in so many letters: a subtitle holds seventy. */
const MOST_AWAY = 2;
const MOST_OF_AWAY = 16;

/** What the grey stretches are, if there are any. */
function greyIs(groups: readonly string[]): string[] {
  if (groups.length === 0) return [];
  const named = groups.slice(0, MOST_AWAY).map((group) => brief(group, MOST_OF_AWAY));
  const more = groups.length - named.length;
  const all = list(more > 0 ? [...named, `${more} more`] : named);
  return [`grey: ${all} ${groups.length > 1 ? 'have' : 'has'} no member`];
}

function shades(values: Away[]): object {
  return {
    data: { values },
    mark: { type: 'rect', color: NOBODY, opacity: 0.25 },
    encoding: {
      x: { field: 'from', type: 'quantitative' },
      x2: { field: 'to' },
      tooltip: [
        { field: 'group', title: 'group without a member' },
        { field: 'from' },
        { field: 'to' },
      ],
    },
  };
}

const TOOLTIP = [
  { field: 'group' },
  { field: 'time', title: 'seconds', format: '.2f' },
  { field: 'lag', title: 'lag in records' },
  { field: 'age', title: 'age of the oldest in seconds' },
];

const SINCE_FIRST = 'seconds since the first record was produced';

function lines(names: string[], title: string, y: object): object {
  const { params, opacity } = pickable('group');
  return {
    params,
    mark: {
      ...{ type: 'line', interpolate: 'step-after', point: { size: 18 } },
      ...rimmed('group', names.length),
    },
    encoding: {
      x: { field: 'time', type: 'quantitative', title },
      y,
      color: toldApart('group', 'group', colours(names)),
      shape: toldApart('group', 'group', { domain: names }),
      opacity,
      tooltip: TOOLTIP,
    },
  };
}

function inSeconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000;
}

function describe(name: string, points: LagSample[], start: number, since?: number): string {
  const peak = points.reduce(
    (high, point) => (point.lag > high.lag ? point : high),
    points[0] ?? NONE,
  );
  const oldest = Math.max(0, ...points.map((point) => point.seconds));
  const isOlder = points.some((point) => point.isOlder);
  const known = since === undefined ? '' : ` from ${seconds(since - start)} on`;
  const now = points.at(-1)?.lag ?? 0;
  const after = seconds(peak.time - (points.length > 0 ? start : 0));
  return (
    `${name} had${known} a lag of at most ${count(peak.lag, 'record')}, after ${after}, ` +
    `the oldest at ${isOlder ? 'least' : 'most'} ${seconds(oldest * 1000)} old, and has ${now} now`
  );
}

const NONE: LagSample = { time: 0, lag: 0, seconds: 0 };
