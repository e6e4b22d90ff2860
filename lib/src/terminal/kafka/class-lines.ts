import type { ClassLearner } from '../../class-board/board.js';
import type { ClassLesson } from '../../class-board/records.js';
import { count } from '../../words.js';
import { table } from '../ui/table.js';

/** The board of a class as lines: a row a learner, a column a lesson. */
export function classLines(
  learners: readonly ClassLearner[],
  lessons: readonly string[],
): readonly string[] {
  if (learners.length === 0)
    return ['Nobody yet. Learners share how far they are with KAFKA_LAB_CLASS=on.'];
  const begun = lessons.filter((name) => learners.some(({ lessons }) => lessons.has(name)));
  const rows = learners.map((learner) => [
    learner.name,
    ...begun.map((name) => mark(learner.lessons.get(name), learner.here?.lesson === name)),
    learner.here ? `${learner.here.lesson} since ${clock(learner.here.since)}` : '',
  ]);
  const head = ['learner', ...begun.map((name) => name.slice(0, 2)), 'last opened'];
  return [
    ...table(head, rows),
    '',
    `${count(learners.length, 'learner')}. ✓ all checks and exercises, 3/5 so many of them, › the lesson opened last.`,
  ];
}

export function isDone({ checks, exercises }: ClassLesson): boolean {
  return checks.passed + exercises.solved === checks.total + exercises.total;
}

function mark(lesson: ClassLesson | undefined, isHere: boolean): string {
  const here = isHere ? '›' : '';
  if (!lesson) return here;
  const { checks, exercises } = lesson;
  const held = checks.passed + exercises.solved;
  return `${here}${isDone(lesson) ? '✓' : `${held}/${checks.total + exercises.total}`}`;
}

const clock = (time: number) => new Date(time).toTimeString().slice(0, 5);
