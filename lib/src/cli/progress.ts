import { LabError } from '../errors.js';
import { type LessonProgress, readProgress, resetProgress, summary } from '../lessons/index.js';
import { confirmed, requireSomebodyToAsk } from '../terminal/ui/confirm.js';
import { table } from '../terminal/ui/table.js';
import { jsonLine } from '../terminal/ui/text.js';
import { type Command, only, parse, UsageError } from './arguments/command.js';

const help = `npx --no kafka-lab progress [--reset [LESSON]] [--yes] [--json]

Shows how far you are in each lesson (done, known by the fast track, begun), where you were last, and what is next.

  --reset [LESSON]   forgets one lesson (05-scaling, or 05), or all of them, after asking;
                     the fast track's question about it can be answered anew
  --yes              does not ask
  --json             for programs: one object a line for each lesson

Progress is kept in .lab/ on this machine. It is sent nowhere, unless KAFKA_LAB_CLASS=on shares it with your class.`;

export const progress: Command = { help, run };

async function run(argv: string[]): Promise<number> {
  const { values, positionals } = parse({
    args: argv,
    allowPositionals: true,
    options: {
      reset: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const name = only('lesson', positionals, undefined);
  const lessons = readProgress();
  const lesson = name === undefined ? undefined : lessonNamed(name, lessons);
  if (values.reset) return forget(lesson, lessons, values.yes);
  if (lesson) throw new UsageError('A lesson is named only with --reset.');
  if (values.json) for (const one of lessons) console.log(jsonLine(one));
  else for (const line of describe(lessons)) console.log(line);
  return 0;
}

/** @throws LabError BAD_INPUT with the lessons that there are */
export function lessonNamed(name: string, lessons: readonly LessonProgress[]): LessonProgress {
  const short = name.replace(/\.ipynb$/, '');
  const found =
    lessons.find((lesson) => lesson.name === short) ??
    (/^\d+$/.test(short) ? lessons.find((one) => one.name.startsWith(`${short}-`)) : undefined);
  if (found) return found;
  throw new LabError('BAD_INPUT', {
    what: `There is no lesson '${name}'.`,
    why: `The course has: ${lessons.map((lesson) => lesson.name).join(', ')}.`,
    fix: 'Name one of them, or its number.',
  });
}

async function forget(
  lesson: LessonProgress | undefined,
  lessons: readonly LessonProgress[],
  sure: boolean,
): Promise<number> {
  const chosen = lesson ? [lesson] : lessons;
  const what = lesson ? lesson.name : 'all lessons';
  if (!chosen.some(({ state, hasAnswer }) => state !== 'new' || hasAnswer)) {
    console.log(`No progress is recorded in ${what}.`);
    return 0;
  }
  if (!sure) requireSomebodyToAsk();
  if (!sure && !(await confirmed(`Forget the progress in ${what}?`))) {
    console.log('Nothing was forgotten.');
    return 0;
  }
  resetProgress(lesson?.name);
  console.log(`The progress in ${what} is forgotten.`);
  return 0;
}

export function describe(lessons: readonly LessonProgress[]): string[] {
  const rows = lessons.map(({ name, title, checks, exercises, state }) => [
    MARKS[state],
    name,
    title,
    of(checks.passed, checks.total),
    of(exercises.solved, exercises.total),
  ]);
  return [...table(['', 'lesson', 'title', 'checks', 'exercises'], rows), '', ...summary(lessons)];
}

const MARKS = { done: '✓ done', known: '✓ known', begun: '… begun', new: '' };

function of(count: number, total: number): string {
  return total === 0 ? '-' : `${count} of ${total}`;
}
