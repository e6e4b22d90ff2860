import type { DeliveredRecord, UnnamedJob } from '../../ledger/index.js';
import { axisOf, PAPER, pickable, rows } from '../drawing/chart.js';
import { labelInk } from '../drawing/palette.js';
import { byRow } from '../drawing/rows.js';
import { brief, shown } from '../drawing/words.js';
import { coloured, stateOf } from './states.js';

/** A record. */
export interface Row {
  row: string;
  name: string;
  /** What is said behind its last delivery, and where that is. */
  after: string;
  at: number;
}

/** One of its deliveries: the n-th, from n - ½ to n + ½. */
interface Square {
  row: string;
  left: number;
  right: number;
  worker: string;
  record: string;
  delivery: number;
  state: string;
  took: string;
}

/** What a name has of a row's label; its place is never cut. */
const MOST_OF_ROW_NAME = 14;
/** Half of what is between two deliveries, as a share of one. */
const GAP = 0.03;

/** Which row a record has, and how it is called. */
export interface Named {
  row: string;
  name: string;
}

export function toRow(
  { partition, offset, count, isExhausted }: DeliveredRecord,
  { row, name }: Named,
  { several, most }: { several: boolean; most: number },
): Row {
  const place = several ? `${partition}/${offset}` : `offset ${offset}`;
  const called = name === place ? [] : [brief(name, MOST_OF_ROW_NAME)];
  const more = count > most ? `… ${count} in all` : '';
  return {
    row,
    name: [place, ...called].join(' · '),
    after: isExhausted ? 'never accepted' : more,
    at: Math.min(count, most) + 0.5 + GAP,
  };
}

export function toSquares({ jobs }: DeliveredRecord, { row, name }: Named, most: number): Square[] {
  return jobs
    .filter(({ count = 1 }) => count <= most)
    .map((job) => square(job, { row, record: shown(name) }));
}

function square(job: UnnamedJob, of: { row: string; record: string }): Square {
  const { count: delivery = 1, from, to, worker } = job;
  return {
    ...of,
    ...{ left: delivery - 0.5 + GAP, right: delivery + 0.5 - GAP },
    ...{ worker: brief(worker), delivery, state: stateOf(job) },
    took: to === undefined ? 'not over' : `${Math.round(to - from) / 1000} s`,
  };
}

interface Drawn {
  rows: Row[];
  squares: Square[];
  jobs: readonly UnnamedJob[];
}

/** There is room for so many: they are not as wide as the picture. */
const LEAST_DELIVERIES = 5;
/** What is said behind deliveries takes this share of what they take, and so many pixels at least. */
const SHARE_OF_WORDS = 0.35;
const WORDS = 95;

export function recordsSpec(title: string, drawn: Drawn): Record<string, unknown> {
  const { rows: all, squares, jobs } = drawn;
  const most = Math.max(LEAST_DELIVERIES, ...squares.map(({ delivery }) => delivery));
  const share = `${most} * max(${SHARE_OF_WORDS}, ${WORDS} / max(1, width - ${WORDS}))`;
  const words = all.some(({ after }) => after !== '') ? share : '0';
  const numbers = Array.from({ length: most }, (_, i) => i + 1);
  return {
    title,
    height: rows(all.length, 26),
    encoding: {
      y: byRow(all),
    },
    layer: [
      ...marks(squares, jobs, {
        x: {
          ...{ field: 'left', type: 'quantitative', title: 'delivery' },
          scale: { domainMin: 0.5, domainMax: { expr: `${most} + 0.5 + ${words}` }, nice: false },
          axis: { values: numbers, format: 'd', grid: false, ticks: false, domain: false },
        },
        axes: axisOf(all.map(({ name }) => name)),
      }),
      behind(all.filter(({ after }) => after !== '')),
    ],
  };
}

function marks(
  squares: Square[],
  jobs: readonly UnnamedJob[],
  { x, axes }: { x: object; axes: number },
) {
  const data = { values: squares };
  const { params, opacity } = pickable('state');
  const inside = { expr: "max(1, scale('x', datum.right) - scale('x', datum.left) - 10)" };
  return [
    {
      ...{ data, params },
      mark: { type: 'bar', height: { band: 0.8 }, stroke: PAPER, strokeWidth: 1 },
      encoding: {
        x,
        x2: { field: 'right' },
        color: coloured(jobs, axes),
        opacity,
        tooltip: TOOLTIP,
      },
    },
    {
      data,
      mark: { type: 'text', align: 'left', dx: 5, fontSize: 11, limit: inside },
      encoding: { x, text: { field: 'worker' }, color: labelInk('state') },
    },
  ];
}

const TOOLTIP = [
  ...['record', 'delivery', 'worker'].map((field) => ({ field })),
  { field: 'state', title: 'how it ended' },
  { field: 'took' },
];

function behind(rows: Row[]): object {
  return {
    data: { values: rows },
    mark: { type: 'text', align: 'left', dx: 4, fontSize: 11, fontStyle: 'italic' },
    encoding: { x: { field: 'at', type: 'quantitative' }, text: { field: 'after' } },
  };
}
