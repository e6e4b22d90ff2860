import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../errors.js';
import { host, ON_STAGE } from '../host.js';
import type { Ledger } from '../ledger/index.js';
import { originals } from '../paths.js';
import { openRun } from '../runs/index.js';
import { type CompareOptions, showCompared } from './compare.js';
import { show } from './judge.js';
import type { Prediction } from './predict.js';
import { type Answer, rememberAnswer } from './progress.js';
import { isKept } from './progress-file.js';

const folder = join(originals, 'runs');
const ENDING = '.jsonl.gz';

/**
 * The run of a lesson that was recorded when the course was made, such as `05-scaling`. Needs no Kafka.
 * @throws LabError BAD_INPUT where there is none of this name
 */
export function recorded(lesson: string): RecordedLesson {
  const file = join(folder, `${lesson}${ENDING}`);
  if (!/^[\w-]+$/.test(lesson) || !existsSync(file)) throw noneOf(lesson);
  return new RecordedLesson(lesson, openRun(file));
}

/** A recorded run, and the question about its lesson. */
export class RecordedLesson {
  constructor(
    /** The notebook's name. */
    readonly lesson: string,
    readonly ledger: Ledger,
  ) {}

  /** What a topic or a group of the lesson is called in its run. */
  name(own: string): string {
    return `${own}.${this.lesson}.run`;
  }

  /** A topic and a group of the lesson, as charts and figures take them. */
  of(topic: string, group: string): { topic: string; group: string } {
    return { topic: this.name(topic), group: this.name(group) };
  }

  /**
   * Sets the answer to the question about this lesson beside what happened. The first answer counts: if it was right, the lesson is
   * *known* from then on. Without an answer nothing is shown, unless a machine runs the notebook.
   * @returns the chart, to be shown
   */
  answer<T, C>(
    prediction: Prediction<T>,
    happened: T,
    chart: C,
    options: CompareOptions = {},
  ): C | undefined {
    if (prediction.value === undefined && isKept()) {
      host().display({ 'text/plain': NOT_YET }, { metadata: { [ON_STAGE]: {} } });
      return undefined;
    }
    const note = (isRight: boolean) => this.remembered({ said: show(prediction.value), isRight });
    showCompared(prediction, happened, options, isKept() ? note : undefined);
    return chart;
  }

  /** @returns what the answer counts for */
  private remembered(answer: Answer): string {
    const first = rememberAnswer(this.lesson, answer);
    const number = this.lesson.slice(0, 2);
    const isFirst = first.said === answer.said;
    if (first.isRight)
      return isFirst
        ? `Lesson ${number} counts as *known*: you may skip it.`
        : `Lesson ${number} stays *known*: the first answer counts, and yours was right.`;
    const link = `[${number}](${this.lesson}.ipynb)`;
    return isFirst
      ? `Lesson ${link} is about this.`
      : `The first answer counts, and yours was ${first.said}: lesson ${link} is about this.`;
  }
}

const NOT_YET = 'No answer yet: write yours into the cell above, run it, and then this one.';

function noneOf(lesson: string): LabError {
  const there = existsSync(folder) ? readdirSync(folder) : [];
  const names = there
    .filter((file) => file.endsWith(ENDING))
    .map((f) => f.slice(0, -ENDING.length));
  return new LabError('BAD_INPUT', {
    what: `There is no recorded run of ${show(lesson)}.`,
    why: names.length > 0 ? `There are those of ${names.join(', ')}.` : `${folder} has none.`,
    fix: "Name a lesson, such as recorded('05-scaling').",
  });
}
