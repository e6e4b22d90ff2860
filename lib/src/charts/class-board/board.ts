import { count } from '../../words.js';
import { type Chart, chart, mostRows, NAMES, rows } from '../drawing/chart.js';
import { nothingYet } from '../drawing/rows.js';
import { brief, leftOut, sentence, telling } from '../drawing/words.js';
import { BESIDE, LESSON, layers } from './layers.js';
import { type BoardLearner, cellsOf, STATES } from './marks.js';

export interface Board {
  learners: readonly BoardLearner[];
  /** The names of the lessons, in their order. */
  course: readonly string[];
}

const TITLE = 'The class board';
/** A row that can be read has so many pixels. */
const LEAST_OF_ROW = 16;
const LETTERS = { labelFontSize: 11 };
const MOST_OF_NAME = 14;

/** How far each learner is with each lesson, and which of them was opened last. */
export function classBoard({ learners, course }: Board): Chart {
  if (learners.length === 0) return chart(NOBODY, nothingYet(TITLE, NOBODY));
  const drawn = telling(learners, mostRows(LEAST_OF_ROW), ({ here }) => here?.since ?? 0);
  const notes = leftOut(drawn.length, learners.length, 'learner', 'those who opened a lesson last');
  const drawing = {
    title: {
      text: TITLE,
      subtitle: 'outlined: the lesson opened last; at the right, when',
    },
    height: rows(drawn.length, 20),
    encoding: axes(drawn, course),
    layer: layers(drawn, course),
  };
  return chart(describe(learners, course, notes), drawing, notes);
}

/** Learners below one another, lessons side by side. */
function axes(learners: readonly BoardLearner[], course: readonly string[]): object {
  const columns = { domain: [...course, ...BESIDE], paddingInner: 0.1 };
  return {
    x: { ...LESSON, scale: columns, axis: LESSONS },
    y: {
      ...{ field: 'learner', type: 'nominal', title: null, sort: null },
      scale: { domain: learners.map(({ name }) => name), paddingInner: 0.12 },
      axis: { ...NAMES, ...LETTERS, labelExpr: `${JSON.stringify(labels(learners))}[datum.label]` },
    },
  };
}

const NOBODY = 'Nobody yet: 0 learners share how far they are.';

/** The number of a lesson is enough. */
const LESSONS = {
  ...{ ...LETTERS, orient: 'top', labelAngle: 0, domain: false, ticks: false },
  labelExpr: 'slice(datum.label, 0, 2)',
};

const labels = (learners: readonly BoardLearner[]) =>
  Object.fromEntries(learners.map(({ name }) => [name, brief(name, MOST_OF_NAME)]));

function describe(
  learners: readonly BoardLearner[],
  course: readonly string[],
  notes: string[],
): string {
  const at = course
    .map((lesson) => ({ lesson, n: learners.filter(({ here }) => here?.lesson === lesson).length }))
    .filter(({ n }) => n > 0);
  const cells = learners.flatMap((learner) => cellsOf(learner, course));
  const done = cells.filter(({ state }) => state === STATES.domain[1]).length;
  return sentence({
    items: at,
    weight: ({ n }) => n,
    word: ({ lesson, n }) => `${n} in ${lesson}`,
    say: (words) =>
      [
        `${count(learners.length, 'learner')}${words.length > 0 ? `: ${words.join(', ')}` : ''}.`,
        `${count(done, 'lesson')} done in all.`,
      ].join(' '),
    notes,
  });
}
