import { INK, pickable, toldApart } from '../drawing/chart.js';
import { type BoardLearner, cellsOf, hereOf, STATES } from './marks.js';

export const LESSON = { field: 'lesson', type: 'nominal', title: null, sort: null };
/** Columns without a lesson, for what stands beside the last one. */
export const BESIDE = [' ', '  ', '   ', '    '];

/** What is drawn of learners, in this order: their lessons, a frame around the one that was opened last, and when that was. */
export function layers(learners: readonly BoardLearner[], course: readonly string[]): object[] {
  const values = learners.flatMap((learner) => cellsOf(learner, course));
  const here = hereOf(learners);
  const { params, opacity } = pickable('state');
  return [
    {
      data: { values },
      params,
      mark: 'rect',
      encoding: {
        opacity,
        color: toldApart('state', null, STATES),
        fillOpacity: { field: 'share', type: 'quantitative', scale: null },
        tooltip: ['learner', 'lesson', 'checks', 'exercises', 'last'].map((field) => ({ field })),
      },
    },
    {
      data: { values: here },
      mark: { type: 'rect', fillOpacity: 0, stroke: INK, strokeWidth: 2 },
    },
    {
      data: { values: here },
      mark: { type: 'text', align: 'left', color: INK, fontSize: 11 },
      encoding: { x: { ...LESSON, datum: BESIDE[0], field: undefined }, text: { field: 'since' } },
    },
  ];
}
