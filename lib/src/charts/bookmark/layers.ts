import { INK, PAPER, pickable, type Scale, toldApart } from '../drawing/chart.js';
import { colours, labelInk, UNREAD } from '../drawing/palette.js';
import { PRODUCED_AT, RECORD_TOOLTIP, RECORD_WORDS } from '../drawing/record.js';
import { MOST_ARROWS, OFTEN, SKIPPED } from './marks.js';

type Values = readonly { state: string }[];

/** What is drawn of the values, in this order: squares with their counts, the bookmark, its moves back. */
export function layers(values: Values): object[] {
  const arrows = Array.from({ length: MOST_ARROWS }, (_, rank) => arrow(rank));
  return [squares(values), repeats(), current(), ...arrows.flat()];
}

function squares(values: Values): object {
  const { params, opacity } = pickable('state');
  return {
    params,
    transform: [{ filter: 'isValid(datum.times)' }, ...RECORD_WORDS],
    mark: { type: 'rect', height: 22, stroke: PAPER, strokeWidth: 2 },
    encoding: {
      color: toldApart('state', 'processed', scaleOf(values)),
      opacity,
      tooltip: [...RECORD_TOOLTIP, { field: 'times', title: 'processed so often' }],
    },
  };
}

/** Three states are in the legend always, so that colours mean the same before and after a replay; others where they occur. */
function scaleOf(values: Values): Scale {
  const all = colours([...OFTEN.slice(1), SKIPPED]);
  const occurring = new Set(values.map(({ state }) => state));
  const shownAlways = new Set(OFTEN.slice(0, 3));
  const scale = { domain: [OFTEN[0] as string], range: [UNREAD] };
  for (const [i, state] of all.domain.entries()) {
    if (!shownAlways.has(state) && !occurring.has(state)) continue;
    scale.domain.push(state);
    scale.range.push(all.range[i] as string);
  }
  return scale;
}

/** How often, where it is more than once, and where its square has room for it. */
function repeats(): object {
  return {
    transform: [{ filter: 'datum.times > 1' }],
    mark: { type: 'text', fontSize: 11, opacity: { expr: "bandwidth('x') < 8 ? 0 : 1" } },
    encoding: { text: { field: 'times' }, color: labelInk('state') },
  };
}

function current(): object {
  return {
    transform: [{ filter: "datum.state === 'bookmark'" }],
    mark: { type: 'text', text: '▼', dy: -19, fontSize: 13, color: INK },
    encoding: { tooltip: [{ field: 'next', title: 'bookmark' }] },
  };
}

/** From the bookmark before to that after it. */
function arrow(rank: number): object[] {
  const transform = [{ filter: `datum.state === 'moved ${rank}'` }, RECORD_WORDS[0]];
  const dy = 18 + 9 * rank;
  const tooltip = [
    ...['partition', 'from', 'to'].map((field) => ({ field })),
    ...[
      { field: 'by', title: 'moved by' },
      { ...PRODUCED_AT, title: 'moved at' },
    ],
  ];
  return [
    {
      transform,
      mark: { type: 'rule', color: INK, strokeWidth: 1.5, yOffset: dy },
      encoding: { x2: { field: 'until' }, tooltip },
    },
    {
      transform,
      mark: { type: 'text', text: '◀', dy, dx: 4, fontSize: 10, color: INK },
      encoding: { tooltip },
    },
  ];
}
