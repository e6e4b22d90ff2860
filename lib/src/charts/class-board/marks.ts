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

/** Of a lesson: what a learner has begun, and what is done. */
export const STATES = {
  domain: ['begun', 'all checks and exercises'],
  range: ['#0072b2', '#009e73'],
};

/** What is drawn of a learner: a cell for each lesson that they have begun. */
export function cellsOf({ name: learner, lessons }: BoardLearner, course: readonly string[]) {
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

/** The lesson that each learner has opened last, and when. */
export function hereOf(learners: readonly BoardLearner[]) {
  const newest = Math.max(...learners.map(({ here }) => here?.since ?? 0));
  return learners.flatMap(({ name, here }) =>
    here ? [{ learner: name, lesson: here.lesson, since: clock(here.since, newest) }] : [],
  );
}

/** The time of the day; with the day of the week, where it is another than that of the newest. */
function clock(time: number, newest: number): string {
  const [date, today] = [new Date(time), new Date(newest)];
  const hour = date.toTimeString().slice(0, 5);
  if (date.toDateString() === today.toDateString()) return hour;
  return `${date.toLocaleDateString('en', { weekday: 'short' })} ${hour}`;
}
