import { count, list } from '../words.js';
import { type LessonProgress, lastLesson, nextLesson } from './progress.js';

/** Where a learner is: what is done, where they were and when, what is open elsewhere, and what is next. A sentence a line. */
export function summary(lessons: readonly LessonProgress[], now = Date.now()): string[] {
  const last = lastLesson(lessons);
  const next = nextLesson(lessons);
  const open = lessons.filter((one) => one.state === 'begun' && one !== last && one !== next);
  return [
    `${doneAndKnown(lessons)}.`,
    ...(last ? [lastLine(last, now)] : []),
    ...(open.length > 0 ? [`Also open: ${list(open.map(openIn))}.`] : []),
    next ? nextLine(next) : 'That was all of them.',
  ];
}

function doneAndKnown(lessons: readonly LessonProgress[]): string {
  const inState = (wanted: LessonProgress['state']) =>
    lessons.filter(({ state }) => state === wanted).length;
  const known = inState('known');
  return `${inState('done')} of ${count(lessons.length, 'lesson')} done${known > 0 ? `, ${known} known` : ''}`;
}

function lastLine(lesson: LessonProgress, now: number): string {
  const when = ago(now - (lesson.last ?? now));
  const how = lesson.state === 'begun' ? `${left(lesson)} left` : lesson.state;
  return `Last time, ${when}: ${lesson.name}, ${how}.`;
}

const openIn = (lesson: LessonProgress) => `${lesson.name} (${left(lesson)})`;

/** What is left to do in a lesson, such as `2 checks and 1 exercise`. */
function left({ checks, exercises }: LessonProgress): string {
  const toPass = checks.total - checks.passed;
  const toSolve = exercises.total - exercises.solved;
  return list([
    ...(toPass > 0 ? [count(toPass, 'check')] : []),
    ...(toSolve > 0 ? [count(toSolve, 'exercise')] : []),
  ]);
}

function nextLine({ name, minutes }: LessonProgress): string {
  return `Next: notebooks/${name}.ipynb${minutes ? `, ${minutes} minutes` : ''}`;
}

const DAY = 86_400_000;
const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** "14 days ago", "3 hours ago", "now". */
function ago(milliseconds: number): string {
  const units = { day: DAY, hour: DAY / 24, minute: DAY / 24 / 60 };
  for (const [unit, length] of Object.entries(units) as [keyof typeof units, number][])
    if (milliseconds >= length) return words.format(-Math.floor(milliseconds / length), unit);
  return words.format(0, 'second');
}
