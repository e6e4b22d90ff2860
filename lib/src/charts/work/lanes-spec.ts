import type { UnnamedJob } from '../../ledger/index.js';
import { axisOf, PAPER, pickable, rows } from '../drawing/chart.js';
import { labelInk, NOBODY } from '../drawing/palette.js';
import { byRow } from '../drawing/rows.js';
import { type Bar, inItsBar, type Line } from './bars.js';
import { coloured } from './states.js';

interface Drawn {
  /** From top to bottom. */
  rows: { row: string; name: string }[];
  bars: Bar[];
  lines: Line[];
  jobs: readonly UnnamedJob[];
  /** Of the lanes, in pixels. */
  width: number;
  /** What the axis of time says. */
  since: string;
}

export function lanesSpec(title: string, drawn: Drawn): Record<string, unknown> {
  const { rows: all, bars, lines, jobs, width, since } = drawn;
  return {
    title,
    height: rows(all.length, 30),
    encoding: {
      y: byRow(all),
      x: { field: 'from', type: 'quantitative', title: since },
    },
    layer: [
      ...presence(lines),
      ...work(bars, { color: coloured(jobs, axisOf(all.map(({ name }) => name))), width }),
    ],
  };
}

function presence(lines: Line[]): object[] {
  const data = { values: lines };
  const line = { type: 'rule', strokeWidth: 1.5, color: NOBODY };
  const lacking = { type: 'text', align: 'left', baseline: 'bottom', dx: 4, dy: -2, fontSize: 11 };
  return [
    { data, mark: line, encoding: { x2: { field: 'to' } } },
    { data, mark: lacking, encoding: { text: { field: 'lacks' } } },
  ];
}

function work(bars: Bar[], { color, width }: { color: object; width: number }): object[] {
  const data = { values: bars };
  const { params, opacity } = pickable('state');
  const label = { type: 'text', align: 'left', dx: 4, fontSize: 11, fontWeight: 'bold' };
  return [
    {
      ...{ data, params },
      mark: { type: 'bar', height: { band: 0.72 }, stroke: PAPER, strokeWidth: 1 },
      encoding: { x2: { field: 'to' }, color, opacity, tooltip: TOOLTIP },
    },
    {
      data,
      transform: [{ filter: "datum.label !== ''" }],
      mark: { ...label, limit: { expr: inItsBar(width) } },
      encoding: { text: { field: 'label' }, color: labelInk('state') },
    },
  ];
}

const TOOLTIP = [
  ...['worker', 'job', 'place', 'delivery'].map((field) => ({ field })),
  { field: 'state', title: 'how it ended' },
  { field: 'from', title: 'from (s)', format: '.3f' },
  { field: 'took' },
];
