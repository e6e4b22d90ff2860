import type { Alarm, AlarmName } from '../../ledger/index.js';
import { axisOf, INK, pickable, toldApart } from '../drawing/chart.js';
import { colours, UNREAD } from '../drawing/palette.js';
import { seconds } from '../drawing/words.js';

/** In milliseconds since 1970. */
export interface Span {
  start: number;
  end: number;
}

/** What an alarm is called, what it is counted in, and whether it looks at the group as a whole. */
const ALARMS: Record<AlarmName, { name: string; unit: string; scope: string }> = {
  sum: { name: 'sum of lag', unit: '', scope: 'the whole group' },
  largest: { name: 'largest partition', unit: '', scope: 'each partition' },
  age: { name: 'age of the oldest', unit: ' s', scope: 'each partition' },
  silence: { name: 'no commit', unit: ' s', scope: 'the whole group' },
};
const SCOPES = ['the whole group', 'each partition'];

export const laneOf = ({ alarm, limit }: Alarm): string =>
  `${ALARMS[alarm].name} ≥ ${limit}${ALARMS[alarm].unit}`;

/** The highest value of an alarm. */
export function peakOf({ alarm, peak }: Alarm): string {
  const { unit } = ALARMS[alarm];
  return `${unit ? peak.toFixed(2) : peak}${unit}`;
}

/** The layers of the picture: a line for each alarm, a bar where it was on, and above both when it went off first. */
export function bars(all: Alarm[], span: Span): object[] {
  const end = inSeconds(span.end - span.start);
  return [
    {
      data: { values: all.map((alarm) => ({ lane: laneOf(alarm), from: 0, to: end })) },
      mark: { type: 'rule', color: UNREAD },
      encoding: { x2: { field: 'to' } },
    },
    whenOn(all, span),
    {
      data: {
        values: all.map((alarm) => ({ lane: laneOf(alarm), from: 0, label: said(alarm, span) })),
      },
      mark: { type: 'text', align: 'left', baseline: 'bottom', dx: 5, dy: 1 - BAR, color: INK },
      encoding: { text: { field: 'label' } },
    },
  ];
}

/** In pixels: of the height of a row, the rest is for what it says. */
const BAR = 12;

/** A row is as wide as so many bars: more would not be seen. */
const MOST_BARS = 200;

function whenOn(all: Alarm[], { start, end }: Span): object {
  const scale = { domain: SCOPES, range: colours(SCOPES).range };
  const { params, opacity } = pickable('scope');
  const values = all.flatMap((alarm) =>
    apart(alarm.spans, (end - start) / MOST_BARS).map(({ from, to }) => ({
      ...{ lane: laneOf(alarm), scope: ALARMS[alarm.alarm].scope },
      ...{ from: inSeconds(from - start), to: inSeconds(to - start) },
    })),
  );
  return {
    params,
    data: { values },
    mark: { type: 'bar', height: BAR },
    encoding: {
      x2: { field: 'to' },
      color: toldApart('scope', 'looks at', scale, axisOf(all.map(laneOf))),
      opacity,
      tooltip: TOOLTIP,
    },
  };
}

const TOOLTIP = [
  { field: 'lane', title: 'alarm' },
  { field: 'scope', title: 'looks at' },
  { field: 'from', title: 'on from (s)', format: '.2f' },
  { field: 'to', title: 'to (s)', format: '.2f' },
];

const said = (alarm: Alarm, { start }: Span): string =>
  alarm.spans[0]
    ? `after ${seconds(alarm.spans[0].from - start)}`
    : `silent: at most ${peakOf(alarm)}`;

/** Spans with less than `gap` milliseconds in between are drawn as one. */
function apart(spans: Alarm['spans'], gap: number): Alarm['spans'] {
  const drawn: Alarm['spans'] = [];
  for (const { from, to } of spans) {
    const last = drawn.at(-1);
    if (last && from - last.to < gap) last.to = to;
    else drawn.push({ from, to });
  }
  return drawn;
}

export const inSeconds = (milliseconds: number): number => Math.round(milliseconds) / 1000;
