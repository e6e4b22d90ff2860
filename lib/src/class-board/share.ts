import type { Kafka } from 'kafkajs';
import { noteClassFailure, noteClassSent } from '../doctor/class-sharing.js';
import { LabError, messageOf } from '../errors.js';
import { type LessonNews, onLessonNews, readProgress } from '../lessons/index.js';
import { withDeadline } from '../waiting.js';
import { Outbox } from './outbox.js';
import { lessonRecord, predictionRecord } from './records.js';
import { type Due, makeProgressTopic, sendToClass } from './sending.js';
import { progressTopic } from './topic.js';

/** In ms, for all that it takes to send. */
const LIMIT = 10_000;

export interface Sharing {
  kafka: Kafka;
  prefix: string;
  /** The lesson that was opened. */
  lesson: string;
  /** Whether predictions are shared, too. */
  predictions: boolean;
}

/**
 * From now on the class sees how far this learner is. No cell waits for it, and none fails: what cannot be sent is tried again, and
 * the doctor tells of it. Returns how to end that, which takes a second at most.
 */
export function shareWithClass(sharing: Sharing): () => Promise<void> {
  const share = new Share(sharing);
  const outbox = new Outbox(() => share.send());
  outbox.due();
  const forget = onLessonNews((lesson, news) => {
    if (share.take(lesson, news)) outbox.due();
  });
  return async () => {
    forget();
    await outbox.close();
  };
}

/** What is to be told, until it is. */
class Share {
  readonly #opened = Date.now();
  /** All of them at first, as they are now: the class's Kafka may be a new one, or have been away. */
  #lessons: Set<string> | 'all' = 'all';
  #predictions = new Map<string, string>();
  #hasTopic = false;

  constructor(private readonly sharing: Sharing) {}

  /** @returns whether it is to be told */
  take(lesson: string, news: LessonNews): boolean {
    if (news.kind === 'progress') {
      if (this.#lessons !== 'all') this.#lessons.add(lesson);
      return true;
    }
    if (!this.sharing.predictions) return false;
    this.#predictions.set(...predictionRecord(lesson, news.of, news.said));
    return true;
  }

  /** @returns whether Kafka has it */
  async send(): Promise<boolean> {
    const topic = progressTopic(this.sharing.prefix);
    const [lessons, predictions] = [this.#lessons, this.#predictions];
    this.#lessons = new Set();
    this.#predictions = new Map();
    try {
      const due = new Map([...this.#records(lessons), ...predictions]);
      await withDeadline(this.#write(topic, due), { ms: LIMIT, late: tooLate, ref: false });
      noteClassSent(topic);
      return true;
    } catch (error) {
      this.#predictions = new Map([...predictions, ...this.#predictions]);
      // The topic may have been deleted, and all that was in it.
      this.#lessons = 'all';
      this.#hasTopic = false;
      noteClassFailure(topic, messageOf(error));
      return false;
    }
  }

  async #write(topic: string, due: Due): Promise<void> {
    const { kafka, prefix } = this.sharing;
    if (!this.#hasTopic) await makeProgressTopic(kafka, prefix);
    this.#hasTopic = true;
    await sendToClass(kafka, topic, due);
  }

  /** Read when it is sent: that takes some milliseconds, which no cell has to wait for. */
  #records(wanted: ReadonlySet<string> | 'all'): Due {
    const lessons = readProgress().filter(({ name }) => wanted === 'all' || wanted.has(name));
    return new Map(
      lessons.map((lesson): [string, string | null] => {
        if (lesson.name === this.sharing.lesson)
          return lessonRecord(lesson, { opened: this.#opened });
        const isNew = lesson.checks.passed + lesson.exercises.solved === 0;
        return isNew ? [lesson.name, null] : lessonRecord(lesson);
      }),
    );
  }
}

function tooLate(): never {
  throw new LabError('TIMED_OUT', { what: `Kafka did not take it within ${LIMIT / 1000} s.` });
}
