import { readFileSync } from 'node:fs';
import { currentLesson } from '../ledger/index.js';
import { stateDir } from '../paths.js';
import { appendPrivate } from '../private.js';
import { type LessonContents, lessonContents } from './contents.js';

/** A line of the file. A file that is only appended to survives two notebooks at once, and a kill at any moment. */
type Entry =
  | { kind: 'check' | 'exercise'; lesson: string; claim: string; time: number }
  | { kind: 'reset'; lesson?: string; time: number };

export interface LessonProgress {
  /** The notebook's name, such as `05-scaling`. */
  name: string;
  title: string;
  /** How long it takes a learner, where the notebook says so. */
  minutes: number | undefined;
  checks: { passed: number; total: number };
  exercises: { solved: number; total: number };
  state: 'new' | 'begun' | 'done';
}

const file = () => stateDir('progress.jsonl');

/** Remembers that a claim of the open lesson held. Switched off where a machine runs the notebooks. */
export function remember(kind: 'check' | 'exercise', claim: string): void {
  const lesson = currentLesson()?.lesson;
  if (!lesson || process.env['KAFKA_LAB_PROGRESS'] === 'off') return;
  if (passedClaims().get(lesson)?.has(claim)) return;
  append({ kind, lesson, claim, time: Date.now() });
}

/** Forgets a lesson, or all of them. */
export function resetProgress(lesson?: string): void {
  append({ kind: 'reset', ...(lesson === undefined ? {} : { lesson }), time: Date.now() });
}

/** How far the learner is, lesson by lesson, in the order of the course. Read from this machine; sent nowhere. */
export function readProgress(): LessonProgress[] {
  const passed = passedClaims();
  return lessonContents().map((contents) => progressOf(contents, passed.get(contents.name)));
}

/** The lesson to go on with: the first that is not done; none when all are. */
export function nextLesson(lessons: readonly LessonProgress[]): LessonProgress | undefined {
  return lessons.find(({ state }) => state !== 'done');
}

function progressOf(
  { name, title, minutes, checks, exercises }: LessonContents,
  claims = new Set<string>(),
): LessonProgress {
  const passed = checks.filter((claim) => claims.has(claim)).length;
  const solved = exercises.filter((claim) => claims.has(claim)).length;
  const isDone = passed === checks.length && solved === exercises.length && claims.size > 0;
  return {
    ...{ name, title, minutes },
    checks: { passed, total: checks.length },
    exercises: { solved, total: exercises.length },
    state: isDone ? 'done' : passed + solved > 0 ? 'begun' : 'new',
  };
}

function passedClaims(): Map<string, Set<string>> {
  const passed = new Map<string, Set<string>>();
  for (const entry of entries()) {
    if (entry.kind !== 'reset')
      passed.set(entry.lesson, (passed.get(entry.lesson) ?? new Set()).add(entry.claim));
    else if (entry.lesson === undefined) passed.clear();
    else passed.delete(entry.lesson);
  }
  return passed;
}

function entries(): Entry[] {
  return read().split('\n').flatMap(parsed);
}

function read(): string {
  try {
    return readFileSync(file(), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** A line that a full disk or a kill cut off counts as not written. */
function parsed(line: string): Entry[] {
  try {
    const entry = JSON.parse(line) as Partial<Record<keyof Entry, unknown>> | null;
    return typeof entry?.kind === 'string' ? [entry as Entry] : [];
  } catch {
    return [];
  }
}

function append(entry: Entry): void {
  // The line break first: it parts this line from one that was cut off.
  appendPrivate(file(), `\n${JSON.stringify(entry)}`);
}
