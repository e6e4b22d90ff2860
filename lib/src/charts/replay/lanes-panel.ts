import type { Bar } from '../assignment/bars.js';
import { LABEL, ownerBars } from '../assignment/layers.js';
import { rows } from '../drawing/chart.js';
import { type Cast, labelInk } from '../drawing/palette.js';
import { byName, type Frame, NOW, overTime, panelTitle } from './frame.js';

/** A row, and all of them, in pixels. */
const ROW = 30;
const ROOM = 150;

/** A letter of a label, and what is beside it in its bar, in pixels. */
const LETTER = 8;
const ASIDE = 10;

/** Who owned which partition up to `t`. */
export function lanesPanel(
  bars: readonly Bar[],
  lanes: readonly string[],
  owners: Cast,
  frame: Frame,
): object {
  const { params, mark, encoding } = ownerBars(owners, 0, lanes.some(isIdle));
  const tooltip = encoding.tooltip
    .filter(({ field }) => field !== 'records')
    .map((one) => (one.field === 'to' ? { ...one, field: 'until' } : one));
  const values = bars.map(({ lane, member, from, to }) => {
    const label = isIdle(lane) || member === 'nobody' ? '' : member;
    return { lane, member, from, to, label };
  });
  return {
    title: panelTitle('who owns which partition'),
    width: frame.width,
    height: rows(lanes.length, ROW, ROOM),
    layer: [
      {
        data: { values },
        transform: [{ filter: 'datum.from <= t' }, { calculate: 'min(datum.to, t)', as: 'until' }],
        encoding: {
          y: { field: 'lane', ...byName(lanes) },
          x: { ...overTime('from', frame), title: null },
          x2: { field: 'until' },
        },
        layer: [
          { params, mark, encoding: { ...encoding, color: frame.color, tooltip } },
          labels(frame.last),
        ],
      },
      NOW,
    ],
  };
}

const isIdle = (lane: string): boolean => lane.endsWith(' is idle');

/** Names, in bars that are wide enough by now. */
function labels(last: number): object {
  const room = `(datum.until - datum.from) / ${last} * width`;
  const fits = `${room} > ${LETTER} * length(datum.label) + ${ASIDE}`;
  return {
    transform: [{ filter: `datum.label !== '' && ${fits}` }],
    mark: { ...LABEL, fontSize: 11 },
    encoding: { text: { field: 'label' }, color: labelInk('member'), x2: null },
  };
}
