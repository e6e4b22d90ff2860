import { currentLesson } from '../ledger/index.js';
import { type LessonContents, lessonContents } from './contents.js';
import { tellNews } from './news.js';
import { append, entries, isKept } from './progress-file.js';

export interface LessonProgress {
  /** The notebook's name, such as `05-scaling`. */
  name: string;
  title: string;
  /** How long it takes a learner, where the notebook says so. */
  minutes: number | undefined;
  checks: { passed: number; total: number };
  exercises: { solved: number; total: number };
  /** `known`: not done, and the fast track's question about it was answered rightly. */
  state: 'new' | 'begun' | 'known' | 'done';
  /** Whether the fast track's question about it was answered, rightly or wrongly. */
  hasAnswer: boolean;
  /** When a check of it last passed for the first time, or an exercise; in ms since 1970. */
  last: number | undefined;
  /** Whether it is the one to go on with. */
  isNext: boolean;
}

/** What was answered to the fast track's question about a lesson. */
export interface Answer {
  /** The answer, as text. */
  said: string;
  isRight: boolean;
}

/** What is kept of a lesson. */
interface Kept {
  claims: Set<string>;
  answer?: Answer;
  last?: number;
}

/** Remembers that a claim of the open lesson held. Switched off where a machine runs the notebooks. */
export function remember(kind: 'check' | 'exercise', claim: string): void {
  const lesson = currentLesson()?.lesson;
  if (!lesson || !isKept()) return;
  if (kept().get(lesson)?.claims.has(claim)) return;
  append({ kind, lesson, claim, time: Date.now() });
  tellNews(lesson, { kind: 'progress' });
}

/** Remembers an answer about a lesson, if it is the first. @returns the first one, which counts until the lesson is forgotten */
export function rememberAnswer(lesson: string, answer: Answer): Answer {
  const first = kept().get(lesson)?.answer;
  if (!first) append({ kind: 'answer', lesson, ...answer, time: Date.now() });
  return first ?? answer;
}

/** Forgets a lesson, or all of them. */
export function resetProgress(lesson?: string): void {
  append({ kind: 'reset', ...(lesson === undefined ? {} : { lesson }), time: Date.now() });
}

/** How far the learner is, lesson by lesson, in the order of the course. Read from this machine. */
export function readProgress(): LessonProgress[] {
  const all = kept();
  const lessons = lessonContents().map((contents) => progressOf(contents, all.get(contents.name)));
  const next = nextOf(lessons);
  return lessons.map((lesson) => ({ ...lesson, isNext: lesson === next }));
}

/** The lesson to go on with; none when all are done or known. */
export function nextLesson(lessons: readonly LessonProgress[]): LessonProgress | undefined {
  return lessons.find(({ isNext }) => isNext);
}

/** The lesson in which something was last remembered. */
export function lastLesson(lessons: readonly LessonProgress[]): LessonProgress | undefined {
  return lessons.reduce<LessonProgress | undefined>(
    (latest, one) => ((one.last ?? 0) > (latest?.last ?? 0) ? one : latest),
    undefined,
  );
}

/** The one that was left in the middle; else the first new one behind it, or of all; at the end what was left open on the way. */
function nextOf(lessons: readonly LessonProgress[]): LessonProgress | undefined {
  const last = lastLesson(lessons);
  if (last?.state === 'begun') return last;
  const isNew = ({ state }: LessonProgress) => state === 'new';
  const behind = lessons.slice(last ? lessons.indexOf(last) : 0);
  return (
    behind.find(isNew) ?? lessons.find(isNew) ?? lessons.find(({ state }) => state === 'begun')
  );
}

function progressOf(
  { name, title, minutes, checks, exercises }: LessonContents,
  { claims, answer, last }: Kept = { claims: new Set() },
): LessonProgress {
  const passed = checks.filter((claim) => claims.has(claim)).length;
  const solved = exercises.filter((claim) => claims.has(claim)).length;
  const isDone = passed === checks.length && solved === exercises.length && claims.size > 0;
  const known = answer?.isRight ? 'known' : undefined;
  return {
    ...{ name, title, minutes, last, isNext: false, hasAnswer: answer !== undefined },
    checks: { passed, total: checks.length },
    exercises: { solved, total: exercises.length },
    state: isDone ? 'done' : (known ?? (passed + solved > 0 ? 'begun' : 'new')),
  };
}

function kept(): Map<string, Kept> {
  const all = new Map<string, Kept>();
  for (const entry of entries()) {
    if (entry.kind === 'reset') {
      if (entry.lesson === undefined) all.clear();
      else all.delete(entry.lesson);
      continue;
    }
    const of = all.get(entry.lesson) ?? { claims: new Set() };
    all.set(entry.lesson, of);
    if (entry.kind === 'answer') of.answer ??= { said: entry.said, isRight: entry.isRight };
    else {
      of.claims.add(entry.claim);
      of.last = entry.time;
    }
  }
  return all;
}
