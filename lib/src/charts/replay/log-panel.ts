import type { Moment, Standing } from '../../ledger/index.js';
import { pickable, rows } from '../drawing/chart.js';
import { offsetLabels } from '../drawing/newest.js';
import { labelInk } from '../drawing/palette.js';
import { LANE, laneName } from '../drawing/record.js';
import { edge, marker } from '../log/layers.js';
import type { Cell } from './cells.js';
import { byName, type Frame, panelTitle } from './frame.js';
import type { Tape } from './tape.js';

/** A row, and all of them, in pixels; half of a record in it, and what is left for a sign beside it. */
const ROW = 52;
const ROOM = 192;
const HALF_OF_RECORD = 0.18;
const OF_SIGN = 0.31;

/** Of the width of a record, what is between it and the next. */
const APART = 0.1;

const MARKS = ['committed', 'position', 'end'] as const;

/** The log at `t`: who has processed which records, where it ends, and where the group stands. */
export function logPanel(
  { cells, tape, moments }: { cells: readonly Cell[]; tape: Tape; moments: readonly Moment[] },
  partitions: readonly number[],
  frame: Frame,
): object {
  const height = rows(partitions.length, ROW, ROOM);
  const row = height / Math.max(1, partitions.length);
  const dy = Math.round(row * OF_SIGN);
  return {
    title: panelTitle('the log: who has processed what'),
    width: frame.width,
    height,
    encoding: {
      y: { field: 'lane', ...byName(partitions.map(laneName)) },
      x: {
        ...{ field: 'offset', type: 'ordinal', title: 'offset' },
        // On whole pixels, with paper between records: a picture is a third smaller.
        scale: { domain: tape.offsets, round: true, paddingInner: APART },
        axis: offsetLabels(tape.offsets),
      },
    },
    layer: [
      ...records(cells, row, frame),
      {
        data: { values: marksOf(moments, tape) },
        transform: [...MARKS_NOW, { calculate: placed(tape), as: 'offset' }, IS_DRAWN, LANE],
        layer: [
          marker('position', { text: '▲', dy: dy + 1 }, 'reads next', 'known'),
          marker('committed', { text: '▼', dy: -dy }, 'committed offset', 'known'),
          edge('end', 'log ends before offset', 'known', Math.round(row * 0.6)),
        ],
      },
    ],
  };
}

const MARKS_NOW = [
  { calculate: 'datum.offsets[step]', as: 'known' },
  { filter: 'isValid(datum.known)' },
];
/** A sign stands at the first record that is drawn at its offset, or after it. */
const placed = ({ every }: Tape) => `ceil(datum.known / ${every}) * ${every}`;
const IS_DRAWN = { filter: 'datum.offset >= datum.first' };

/** Where the log ends and the group stands in each partition, step by step. */
function marksOf(moments: readonly Moment[], { stretches }: Tape): object[] {
  return [...stretches].flatMap(([partition, { first }]) =>
    MARKS.map((state) => ({
      ...{ partition, first, state },
      offsets: moments.map(({ partitions }) => offsetOf(partitions.get(partition), state)),
    })),
  );
}

const offsetOf = (standing: Standing | undefined, mark: (typeof MARKS)[number]): number | null =>
  standing?.[mark] ?? null;

/** A square a record, and a sign in it where its transaction is open or was aborted. */
function records(cells: readonly Cell[], row: number, { color }: Frame): object[] {
  const isSigned = cells.some(({ sign }) => sign.some((one) => one !== ''));
  const drawn = {
    data: { values: isSigned ? cells : cells.map(({ sign: _, ...cell }) => cell) },
    transform: [
      { flatten: ['from', 'to', 'member', ...(isSigned ? ['sign'] : [])] },
      { filter: 'datum.from <= step && step < datum.to' },
      LANE,
    ],
  };
  const mark = { type: 'rect', height: Math.round(2 * HALF_OF_RECORD * row) };
  const encoding = { color, opacity: pickable('member').opacity, tooltip: TOOLTIP };
  const signs = {
    mark: { type: 'text', fontSize: 11 },
    encoding: { text: { field: 'sign' }, color: labelInk('member') },
  };
  return [{ ...drawn, layer: [{ mark, encoding }, ...(isSigned ? [signs] : [])] }];
}

const TOOLTIP = [
  ...['partition', 'offset', 'key'].map((field) => ({ field })),
  { field: 'member', title: 'processed by' },
];
