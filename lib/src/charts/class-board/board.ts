import { count } from '../../words.js';
import {
  type Chart,
  chart,
  INK,
  mostRows,
  NAMES,
  pickable,
  rows,
  toldApart,
} from '../drawing/chart.js';
import { nothingYet } from '../drawing/rows.js';
import { brief, leftOut, sentence, telling } from '../drawing/words.js';

/** How far a learner is. Times in milliseconds since 1970. */
export interface BoardLearner {
  name: string;
  lessons: ReadonlyMap<
    string,
    {
      checks: { passed: number; total: number };
      exercises: { solved: number; total: number };
      time: number;
    }
  >;
  /** The lesson that was opened last, and when. */
  here?: { lesson: string; since: number };
}

export interface Board {
  learners: readonly BoardLearner[];
  /** The names of the lessons, in their order. */
  course: readonly string[];
}

const TITLE = 'The class board';
const STATES = { domain: ['begun', 'all checks and exercises'], range: ['#0072b2', '#009e73'] };
/** A row that can be read has so many pixels. */
const LEAST_OF_ROW = 16;
const LETTERS = { labelFontSize: 11 };
const MOST_OF_NAME = 14;
/** Columns without a lesson, for what stands beside the last one. */
const BESIDE = [' ', '  ', '   ', '    '];

/** How far each learner is with each lesson, and which of them was opened last. */
export function classBoard({ learners, course }: Board): Chart {
  if (learners.length === 0) return chart(NOBODY, nothingYet(TITLE, NOBODY));
  const drawn = telling(learners, mostRows(LEAST_OF_ROW), ({ here }) => here?.since ?? 0);
  const notes = leftOut(drawn.length, learners.length, 'learner', 'those who opened a lesson last');
  const values = drawn.flatMap((learner) => cellsOf(learner, course));
  const newest = Math.max(...drawn.map(({ here }) => here?.since ?? 0));
  const here = drawn.flatMap(({ name, here }) =>
    here ? [{ learner: name, lesson: here.lesson, since: clock(here.since, newest) }] : [],
  );
  const x = { field: 'lesson', type: 'nominal', title: null, sort: null };
  const { params, opacity } = pickable('state');
  const columns = { domain: [...course, ...BESIDE], paddingInner: 0.1 };
  const drawing = {
    title: {
      text: TITLE,
      subtitle: 'outlined: the lesson opened last; at the right, when',
    },
    height: rows(drawn.length, 20),
    encoding: {
      x: { ...x, scale: columns, axis: LESSONS },
      y: {
        ...{ field: 'learner', type: 'nominal', title: null, sort: null },
        scale: { domain: drawn.map(({ name }) => name), paddingInner: 0.12 },
        axis: { ...NAMES, ...LETTERS, labelExpr: `${JSON.stringify(labels(drawn))}[datum.label]` },
      },
    },
    layer: [
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
        encoding: { x: { ...x, datum: BESIDE[0], field: undefined }, text: { field: 'since' } },
      },
    ],
  };
  return chart(describe(learners, course, notes), drawing, notes);
}

const NOBODY = 'Nobody yet: 0 learners share how far they are.';

/** The number of a lesson is enough. */
const LESSONS = {
  ...{ ...LETTERS, orient: 'top', labelAngle: 0, domain: false, ticks: false },
  labelExpr: 'slice(datum.label, 0, 2)',
};

const labels = (learners: readonly BoardLearner[]) =>
  Object.fromEntries(learners.map(({ name }) => [name, brief(name, MOST_OF_NAME)]));

function cellsOf({ name: learner, lessons }: BoardLearner, course: readonly string[]) {
  return course.flatMap((lesson) => {
    const found = lessons.get(lesson);
    if (!found) return [];
    const { checks, exercises, time } = found;
    const held = checks.passed + exercises.solved;
    const total = checks.total + exercises.total;
    const isDone = held === total;
    return [
      {
        ...{ learner, lesson },
        state: STATES.domain[Number(isDone)],
        share: isDone ? 1 : 0.3 + (0.6 * held) / total,
        checks: `${checks.passed} of ${checks.total} passed`,
        exercises: `${exercises.solved} of ${exercises.total} solved`,
        last: clock(time, time),
      },
    ];
  });
}

/** The time of the day; with the day of the week, where it is another than that of the newest. */
function clock(time: number, newest: number): string {
  const [date, today] = [new Date(time), new Date(newest)];
  const hour = date.toTimeString().slice(0, 5);
  if (date.toDateString() === today.toDateString()) return hour;
  return `${date.toLocaleDateString('en', { weekday: 'short' })} ${hour}`;
}

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
