import { count } from '../words.js';
import { type Chart, chart, INK, mostRows, NAMES, rows } from './drawing/chart.js';
import { UNREAD } from './drawing/palette.js';
import { brief, leftOut, sentence, telling } from './drawing/words.js';

/** How far a learner is with one lesson. */
export interface CourseLesson {
  /** The notebook's name, such as `05-scaling`. */
  name: string;
  title: string;
  minutes: number | undefined;
  checks: { passed: number; total: number };
  exercises: { solved: number; total: number };
  state: 'new' | 'begun' | 'known' | 'done';
  /** When something of it was last remembered, in ms since 1970. */
  last: number | undefined;
  /** Whether it is the one to go on with. */
  isNext: boolean;
}

const DONE = '#009e73';
const KNOWN = '#cc79a7';
const BEGUN = '#0072b2';

/** The course as bars: what has been done of each lesson, and which one is next. */
export function course(lessons: readonly CourseLesson[]): Chart {
  const next = lessons.find(({ isNext }) => isNext);
  const drawn = telling(lessons, mostRows(LEAST_OF_ROW), (lesson) => Number(isLeft(lesson)));
  const notes = leftOut(drawn.length, lessons.length, 'lesson', 'those that are not done yet');
  const y = { field: 'lesson', type: 'nominal', title: null, sort: null };
  const scale = { domainMin: 0, domainMax: { expr: MOST } };
  const x = (field: string) => ({ field, type: 'quantitative', axis: null, scale });
  const drawing = {
    title: {
      text: 'How far you are',
      subtitle: ['▶ the lesson to go on with', ...lastTime(lessons)],
    },
    height: rows(drawn.length, 26),
    data: { values: drawn.map(rowOf) },
    encoding: {
      y: { ...y, axis: NAMES },
      tooltip: ['lesson', 'minutes', 'checks', 'exercises'].map((field) => ({ field })),
    },
    layer: [
      { mark: { type: 'bar', color: UNREAD, height: 14 }, encoding: { x: x('whole') } },
      {
        mark: { type: 'bar', height: 14 },
        encoding: { x: x('share'), color: { field: 'colour', type: 'nominal', scale: null } },
      },
      {
        mark: { type: 'text', align: 'left', dx: 8, color: INK, fontSize: 12 },
        encoding: { x: x('whole'), text: { field: 'words' } },
      },
    ],
  };
  return chart(describe(lessons, next, notes), drawing, notes);
}

const COLOURS = { new: BEGUN, begun: BEGUN, known: KNOWN, done: DONE };

/** Behind the bars is room for words: on a narrow page they need more of it. */
const MOST = 'max(1.45, width / max(1, width - 105))';

/** A row that can be read has so many pixels. */
const LEAST_OF_ROW = 16;

/** Where the learner was last, and when. */
function lastTime(lessons: readonly CourseLesson[]): string[] {
  const times = lessons.flatMap(({ last }) => last ?? []);
  const latest = lessons.find(({ last }) => last === Math.max(...times));
  return latest ? [`last time, ${dayOf(Math.max(...times))}: ${brief(named(latest))}`] : [];
}

const dayOf = (time: number) =>
  new Date(time).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });

const isLeft = ({ state }: CourseLesson) => state !== 'done' && state !== 'known';

function rowOf(lesson: CourseLesson) {
  const { minutes, checks, exercises, state, isNext } = lesson;
  const held = checks.passed + exercises.solved;
  const total = checks.total + exercises.total;
  const words = {
    new: minutes === undefined ? '' : `${minutes} minutes`,
    begun: checks.passed < checks.total ? `${held} of ${total}` : 'exercise left',
    known: '✓ known',
    done: '✓ done',
  };
  const share = total === 0 ? 0 : held / total;
  return {
    lesson: named(lesson),
    minutes: minutes ?? 'not said',
    checks: `${checks.passed} of ${checks.total} passed`,
    exercises: `${exercises.solved} of ${exercises.total} solved`,
    whole: 1,
    share: state === 'known' ? 1 : share,
    colour: COLOURS[state],
    words: `${isNext ? '▶ ' : ''}${words[state]}`,
  };
}

/** With the title up to its colon: what follows is for the notebook itself. */
const named = ({ name, title }: CourseLesson) => `${name.slice(0, 2)} · ${title.split(':')[0]}`;

function describe(
  lessons: readonly CourseLesson[],
  next: CourseLesson | undefined,
  notes: string[],
): string {
  const inState = (wanted: CourseLesson['state']) =>
    lessons.filter(({ state }) => state === wanted);
  const known = inState('known').length;
  const solved = lessons.reduce((sum, { exercises }) => sum + exercises.solved, 0);
  const passed = lessons.reduce((sum, { checks }) => sum + checks.passed, 0);
  return sentence({
    items: inState('begun'),
    word: ({ name }) => name,
    say: (begun) =>
      [
        `${inState('done').length} of ${count(lessons.length, 'lesson')} done, ${known > 0 ? `${known} known, ` : ''}${count(passed, 'check')} passed, ${count(solved, 'exercise')} solved.`,
        ...(begun.length > 0 ? [`Begun: ${begun.join(', ')}.`] : []),
        ...lastTime(lessons).map((words) => `L${words.slice(1)}.`),
        next ? `Next: ${next.name}.` : `All of the course is done${known > 0 ? ' or known' : ''}.`,
      ].join(' '),
    notes,
  });
}
