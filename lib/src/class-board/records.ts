import { z } from 'zod';
import { isLesson, type LessonProgress } from '../lessons/index.js';

/** How far a learner is with a lesson, as the class sees it. Times in milliseconds since 1970. */
export interface ClassLesson {
  checks: { passed: number; total: number };
  exercises: { solved: number; total: number };
  /** Since when it is open, where it was the last one that was opened. */
  opened?: number | undefined;
  time: number;
}

/** What a learner has predicted, as text. */
export interface ClassPrediction {
  said: string;
  time: number;
}

/** What one record says. A lesson that is null was forgotten. */
export type ClassRecord =
  | { kind: 'lesson'; lesson: string; value: ClassLesson | null }
  | { kind: 'prediction'; lesson: string; of: string; value: ClassPrediction | null };

/** In characters. */
const LONGEST_NAME = 60;
const LONGEST_KEY = 2 * LONGEST_NAME + 1;
/** In bytes. */
const LARGEST_VALUE = 1000;

const count = z.int().min(0).max(1000);
const time = z.int().min(0).max(8.64e15);
const isSome = (some: number, total: number) => some <= total;
const value = z.strictObject({
  checks: z
    .strictObject({ passed: count, total: count })
    .refine(({ passed, total }) => isSome(passed, total)),
  exercises: z
    .strictObject({ solved: count, total: count })
    .refine(({ solved, total }) => isSome(solved, total)),
  opened: time.optional(),
  time,
});
const prediction = z.strictObject({ said: z.string().min(1).max(LONGEST_NAME), time });

/** The key and the value of a record that says how far a learner is. */
export function lessonRecord(
  { name, checks, exercises }: Pick<LessonProgress, 'name' | 'checks' | 'exercises'>,
  { opened, now = Date.now() }: { opened?: number | undefined; now?: number } = {},
): [string, string] {
  return [name, JSON.stringify({ checks, exercises, opened, time: now } satisfies ClassLesson)];
}

/** The same of a prediction. */
export function predictionRecord(
  lesson: string,
  of: string,
  said: string,
  now = Date.now(),
): [string, string] {
  const short = (text: string) => text.slice(0, LONGEST_NAME);
  const value: ClassPrediction = { said: short(said), time: now };
  return [`${lesson} ${short(of)}`, JSON.stringify(value)];
}

/** What a record says, whoever wrote it; undefined for what no learner's lab has written. */
export function parseRecord(key: Buffer | null, value: Buffer | null): ClassRecord | undefined {
  if (!key || key.length > 4 * LONGEST_KEY || (value?.length ?? 0) > LARGEST_VALUE)
    return undefined;
  const text = key.toString();
  const gap = text.indexOf(' ');
  const lesson = gap < 0 ? text : text.slice(0, gap);
  if (text.length > LONGEST_KEY || lesson.length > LONGEST_NAME || !isLesson(lesson))
    return undefined;
  if (gap < 0) return read(value, parsedLesson, (value) => ({ kind: 'lesson', lesson, value }));
  const of = text.slice(gap + 1);
  return read(value, parsedPrediction, (value) => ({ kind: 'prediction', lesson, of, value }));
}

const parsedLesson = (json: unknown) => value.safeParse(json).data;
const parsedPrediction = (json: unknown) => prediction.safeParse(json).data;

function read<T>(
  bytes: Buffer | null,
  parse: (json: unknown) => T | undefined,
  record: (value: T | null) => ClassRecord,
): ClassRecord | undefined {
  if (!bytes) return record(null);
  try {
    const parsed = parse(JSON.parse(bytes.toString()));
    return parsed && record(parsed);
  } catch {
    return undefined; // no JSON
  }
}
