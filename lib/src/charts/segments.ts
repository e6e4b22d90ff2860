import { type Chart, chart, INK, pickable } from './chart.js';
import { colours, UNREAD } from './palette.js';
import { laneName } from './record.js';
import { count, shortName } from './words.js';

/** A file of a partition's log. Offsets from `from` up to, and without, `to`. */
export interface Segment {
  partition: number;
  from: number;
  to: number;
  bytes: number;
  /** `active` is written to; `deleted` is gone, by retention. */
  state: 'active' | 'closed' | 'deleted';
}

const MOST_DRAWN = 200;
const STATES = ['active', 'closed', 'deleted'];

/** The segments of a topic's log: a row a partition, a bar a file. */
export function segments({ topic, segments: all }: { topic: string; segments: Segment[] }): Chart {
  const [active, closed] = colours(STATES).range as [string, string];
  const { params, opacity } = pickable('state');
  const drawn = all.slice(-MOST_DRAWN);
  const partitions = [...new Set(drawn.map(({ partition }) => partition))].sort((a, b) => a - b);
  return chart(sentence(topic, all), {
    title: `The segments of topic ${shortName(topic)}`,
    // Room below a bar for its word, above the axis.
    height: { step: 60 },
    data: {
      values: drawn.map(({ partition, ...segment }) => ({ lane: laneName(partition), ...segment })),
    },
    encoding: {
      y: {
        field: 'lane',
        type: 'nominal',
        title: null,
        sort: partitions.map(laneName),
        axis: { ticks: false, domain: false },
      },
      x: { field: 'from', type: 'quantitative', title: 'offset' },
      x2: { field: 'to' },
    },
    layer: [
      {
        params,
        mark: { type: 'bar', height: 24, stroke: '#ffffff', strokeWidth: 2 },
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
  });
}

function sentence(topic: string, all: Segment[]): string {
  const kept = all.filter(({ state }) => state !== 'deleted');
  const gone = all.length - kept.length;
  if (all.length === 0) return `Topic ${shortName(topic)} has no segments.`;
  const bytes = kept.reduce((sum, segment) => sum + segment.bytes, 0);
  const offsets =
    kept.length > 0 ? `, from offset ${Math.min(...kept.map(({ from }) => from))} on` : '';
  return `Topic ${shortName(topic)} keeps ${count(kept.length, 'segment')} with ${count(bytes, 'byte')}${offsets}; ${gone} deleted.`;
}
