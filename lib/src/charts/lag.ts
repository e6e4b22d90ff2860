import { type LagPoint, lagOverTime, type Ledger, outages } from '../ledger/index.js';
import { type Chart, chart } from './chart.js';
import { colours, NOBODY } from './palette.js';
import { count, seconds, shortName } from './words.js';

/** A chart is as wide as so many points: more would not be seen. */
const MOST_POINTS = 120;

/**
 * The lag of groups on a topic over time, a line a group; grey where a group had no member. Lag is counted as Kafka
 * does: end offset minus committed offset, over all partitions.
 */
export function lag(ledger: Ledger, { topic, groups }: { topic: string; groups: string[] }): Chart {
  const series = groups.map((group) => ({ group, points: lagOverTime(ledger, group, topic) }));
  const times = series.flatMap(({ points }) => points.map(({ time }) => time));
  const start = Math.min(...times);
  const end = Math.max(...times);
  const names = groups.map(shortName);
  const values = series.flatMap(({ group, points }) =>
    sampled(points, start, end).map((point) => ({ group: shortName(group), ...point })),
  );
  return chart(sentence(series), {
    title: `Lag on topic ${shortName(topic)}`,
    height: 220,
    layer: [shades(ledger, groups, start, end), lines(names, values)],
  });
}

/** Of each stretch of time the highest lag, so that no peak is lost. */
function sampled(points: LagPoint[], start: number, end: number): { time: number; lag: number }[] {
  const width = Math.max(1, (end - start) / MOST_POINTS);
  const highest = new Map<number, LagPoint>();
  for (const point of points) {
    const slot = Math.floor((point.time - start) / width);
    if (point.lag >= (highest.get(slot)?.lag ?? 0)) highest.set(slot, point);
  }
  const last = points.at(-1);
  const kept = last ? [...highest.values(), last] : [];
  return kept.map(({ time, lag }) => ({ time: inSeconds(time - start), lag }));
}

function shades(ledger: Ledger, groups: string[], start: number, end: number): object {
  const values = groups.flatMap((group) =>
    outages(ledger, group)
      .filter(({ from }) => from < end)
      .map(({ from, to = end }) => ({
        group: shortName(group),
        from: inSeconds(Math.max(from, start) - start),
        to: inSeconds(Math.min(to, end) - start),
      })),
  );
  return {
    data: { values },
    mark: { type: 'rect', color: NOBODY, opacity: 0.25 },
    encoding: {
      x: { field: 'from', type: 'quantitative' },
      x2: { field: 'to' },
      tooltip: [{ field: 'group', title: 'group without a member' }, { field: 'from' }, { field: 'to' }],
    },
  };
}

function lines(names: string[], values: object[]): object {
  return {
    data: { values },
    mark: { type: 'line', interpolate: 'step-after', strokeWidth: 2.5, point: { size: 18 } },
    encoding: {
      x: { field: 'time', type: 'quantitative', title: 'seconds since the first record was produced' },
      y: { field: 'lag', type: 'quantitative', title: 'lag in records', scale: { domainMin: 0 } },
      color: { field: 'group', type: 'nominal', title: 'group', scale: colours(names) },
      shape: { field: 'group', type: 'nominal', title: 'group', scale: { domain: names } },
      tooltip: [{ field: 'group' }, { field: 'time', title: 'seconds', format: '.2f' }, { field: 'lag' }],
    },
  };
}

function inSeconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000;
}

function sentence(series: { group: string; points: LagPoint[] }[]): string {
  const parts = series.map(({ group, points }) => {
    const peak = points.reduce((high, point) => (point.lag > high.lag ? point : high), points[0] ?? NONE);
    const now = points.at(-1)?.lag ?? 0;
    const after = seconds(peak.time - (points[0]?.time ?? 0));
    return `${shortName(group)} had a lag of at most ${count(peak.lag, 'record')}, after ${after}, and has one of ${now} now`;
  });
  return `${parts.join('; ')}.`;
}

const NONE: LagPoint = { time: 0, lag: 0 };
