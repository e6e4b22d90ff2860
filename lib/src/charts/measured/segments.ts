import { byName } from '../../ledger/index.js';
import { count } from '../../words.js';
import { type Chart, chart, INK, NAMES, PAPER, pickable, rows } from '../drawing/chart.js';
import { colours, MOST_COLOURS, UNREAD, weightBy } from '../drawing/palette.js';
import { laneName } from '../drawing/record.js';
import { called, leftOut, telling } from '../drawing/words.js';

/** A file of a partition's log. Offsets from `from` up to, and without, `to`. */
export interface Segment {
  partition: number;
  from: number;
  to: number;
  bytes: number;
  /** `active` is written to; `deleted` is gone, by retention. */
  state: 'active' | 'closed' | 'deleted';
}

const STATES = ['active', 'closed', 'deleted'];

/** The segments of a topic's log: a row a partition, a bar a file. */
export function segments({ topic, segments: all }: { topic: string; segments: Segment[] }): Chart {
  const [active, closed] = colours(STATES).range as [string, string];
  const { params, opacity } = pickable('state');
  const lanes = [...new Set(all.map(laneOf))].sort(byName);
  const kept = telling(lanes, MOST_COLOURS, weightBy(all, laneOf));
  const seen = all.filter((segment) => kept.includes(laneOf(segment)));
  const notes = [
    ...leftOut(kept.length, lanes.length, 'partition', 'those with the most segments'),
    ...leftOut(Math.min(seen.length, MOST_FILES), seen.length, 'segment', 'the last of them'),
  ];
  const drawing = {
    title: `The segments of topic ${called(topic)}`,
    // Room below a bar for its word, above the axis.
    height: rows(kept.length, 60),
    data: {
      values: seen
        .slice(-MOST_FILES)
        .map(({ partition, ...segment }) => ({ lane: laneName(partition), ...segment })),
    },
    encoding: {
      y: {
        field: 'lane',
        type: 'nominal',
        title: null,
        sort: kept,
        axis: NAMES,
      },
      x: { field: 'from', type: 'quantitative', title: 'offset' },
      x2: { field: 'to' },
    },
    layer: [
      {
        params,
        mark: { type: 'bar', height: 24, stroke: PAPER, strokeWidth: 2 },
        encoding: {
          color: {
            field: 'state',
            type: 'nominal',
            title: 'segment',
            scale: { domain: STATES, range: [active, closed, UNREAD] },
          },
          opacity,
          tooltip: ['lane', 'from', 'to', 'bytes', 'state'].map((field) => ({ field })),
        },
      },
      {
        transform: [{ filter: "datum.state !== 'closed'" }],
        mark: { type: 'text', align: 'left', dx: 4, dy: 19, fontSize: 10, color: INK },
        encoding: { text: { field: 'state' }, x2: null },
      },
    ],
  };
  return chart([describe(topic, all), ...notes].join(' '), drawing, notes);
}

/** More bars would not be seen. */
const MOST_FILES = 200;
const laneOf = ({ partition }: Segment) => laneName(partition);

function describe(topic: string, all: Segment[]): string {
  const kept = all.filter(({ state }) => state !== 'deleted');
  const gone = all.length - kept.length;
  if (all.length === 0) return `Topic ${called(topic)} has no segments.`;
  const bytes = kept.reduce((sum, segment) => sum + segment.bytes, 0);
  const offsets =
    kept.length > 0 ? `, from offset ${Math.min(...kept.map(({ from }) => from))} on` : '';
  return `Topic ${called(topic)} keeps ${count(kept.length, 'segment')} with ${count(bytes, 'byte')}${offsets}; ${gone} deleted.`;
}
