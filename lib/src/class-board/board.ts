import type { ClassLesson, ClassPrediction, ClassRecord } from './records.js';

/** A learner, as the class sees them. */
export interface ClassLearner {
  /** What the names of their topics begin with. */
  name: string;
  /** How far they are with each lesson that they have begun, by its name. */
  lessons: ReadonlyMap<string, ClassLesson>;
  /** The lesson that was opened last, and when. */
  here?: { lesson: string; since: number };
}

/** What a learner has predicted; `of` says of what, where a lesson asks for more than one thing. */
export interface LearnersPrediction extends ClassPrediction {
  learner: string;
  lesson: string;
  of: string;
}

/** So many predictions of one learner are kept: more than there are in the course. */
const MOST_PREDICTIONS = 200;

/** What one learner has told, record by record. */
export class Told {
  readonly #lessons = new Map<string, ClassLesson>();
  readonly #predictions = new Map<string, LearnersPrediction>();

  constructor(
    private readonly name: string,
    /** Those of the course: no others are looked at. */
    private readonly course: ReadonlySet<string>,
  ) {}

  add(record: ClassRecord): void {
    const { lesson, value } = record;
    if (!this.course.has(lesson)) return;
    if (record.kind === 'lesson') setOrDelete(this.#lessons, lesson, record.value);
    else {
      const key = `${lesson} ${record.of}`;
      if (!this.#predictions.has(key) && this.#predictions.size >= MOST_PREDICTIONS) return;
      const told = value && { learner: this.name, lesson, of: record.of, ...record.value! };
      setOrDelete(this.#predictions, key, told);
    }
  }

  get learner(): ClassLearner {
    const here = [...this.#lessons].reduce<(ClassLearner['here'] & { time: number }) | undefined>(
      (last, [lesson, { opened, time }]) =>
        opened !== undefined && time > (last?.time ?? -1) ? { lesson, since: opened, time } : last,
      undefined,
    );
    const { name } = this;
    return {
      name,
      lessons: this.#lessons,
      ...(here ? { here: { lesson: here.lesson, since: here.since } } : {}),
    };
  }

  get predictions(): LearnersPrediction[] {
    return [...this.#predictions.values()];
  }
}

function setOrDelete<T>(map: Map<string, T>, key: string, value: T | null): void {
  if (value === null) map.delete(key);
  else map.set(key, value);
}
