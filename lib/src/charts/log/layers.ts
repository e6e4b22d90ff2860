import { INK, PAPER, pickable, toldApart } from '../drawing/chart.js';
import { withGone } from '../drawing/gone.js';
import { colours, DOUBTFUL, UNREAD } from '../drawing/palette.js';
import { type OtherPlace, placeMarks, statesOf } from '../drawing/places.js';
import { RECORD_TOOLTIP, RECORD_WORDS } from '../drawing/record.js';

interface Drawn {
  others: readonly OtherPlace[];
  isDoubtful: boolean;
  committed: boolean;
}

/** What is drawn, in this order: squares of records, other places, where the group is, start and end of the log. */
export function layers({ others, isDoubtful, committed }: Drawn): object[] {
  return [
    squares(isDoubtful, others),
    ...placeMarks(others, pickable('state').opacity),
    marker('position', { text: '▲', dy: 21 }, 'reads next'),
    ...(committed ? [marker('committed', { text: '▼', dy: -19 }, 'committed offset')] : []),
    edge('start', 'log starts at offset'),
    edge('end', 'log ends before offset'),
  ];
}

function squares(isDoubtful: boolean, others: readonly OtherPlace[]): object {
  const { range } = colours(['read']);
  const { params, opacity } = pickable('state');
  const [state, colour] = isDoubtful ? [['in doubt'], [DOUBTFUL]] : [[], []];
  const beside = statesOf(others);
  const scale = {
    domain: ['read', 'not read yet', ...state, ...beside.domain],
    range: [...range, UNREAD, ...colour, ...beside.range],
  };
  return {
    params,
    transform: [{ filter: 'datum.key !== null' }, ...RECORD_WORDS],
    mark: { type: 'rect', height: 22, stroke: PAPER, strokeWidth: 2 },
    encoding: {
      color: withGone(toldApart('state', 'record', scale)),
      opacity,
      tooltip: RECORD_TOOLTIP,
    },
  };
}

/** A sign of where the group is; its tooltip tells the offset that `field` has. */
export function marker(
  state: string,
  mark: { text: string; dy: number },
  title: string,
  field = 'offset',
): object {
  return {
    transform: [{ filter: `datum.state === '${state}'` }],
    mark: { type: 'text', fontSize: 13, color: INK, ...mark },
    encoding: { tooltip: [{ field, title }] },
  };
}

/** Of a log, on the left of the place at its offset. */
export function edge(state: string, title: string, field = 'offset', size = 30): object {
  return {
    transform: [{ filter: `datum.state === '${state}'` }],
    mark: { type: 'tick', orient: 'vertical', thickness: 3, size, color: INK },
    encoding: {
      x: { field: 'offset', type: 'ordinal', bandPosition: 0 },
      tooltip: [{ field, title }],
    },
  };
}
