import type { Admin, Kafka } from 'kafkajs';
import { LabError } from '../errors.js';
import { host } from '../host.js';
import { Brokers } from '../requests/brokers.js';
import { disconnectWithin, pause } from '../waiting.js';
import type { ClassLearner, LearnersPrediction } from './board.js';
import { ClassReader } from './reader.js';

/** How often it is looked whether anything is new, in ms. */
export const LOOK_EVERY = 1000;
/** A Kafka that does not answer for longer is gone, in ms. */
const PATIENCE = 30_000;
const MINUTE = 60_000;

/** A question of a lesson, and how many learners have shared what they predicted. */
export interface ClassQuestion {
  lesson: string;
  of: string;
  learners: number;
}

/** Who of a class is how far, as far as they share it and whoever looks may see it. Made by `lab.classBoard()`. */
export class ClassBoard {
  readonly #reader: ClassReader;

  private constructor(
    private readonly admin: Admin,
    private readonly brokers: Brokers,
  ) {
    this.#reader = new ClassReader(admin, brokers);
  }

  /** @throws kafkajs's error if the brokers do not answer */
  static async open(kafka: Kafka): Promise<ClassBoard> {
    const board = new ClassBoard(kafka.admin(), new Brokers(kafka));
    try {
      await board.admin.connect();
      await board.look();
      return board;
    } catch (error) {
      await board.close();
      throw error;
    }
  }

  /** All who share something, by their names. */
  get learners(): ClassLearner[] {
    return this.#reader.learners;
  }

  /** The names of the lessons, in their order. */
  get course(): readonly string[] {
    return this.#reader.course;
  }

  /** What was predicted, by those who share that, too. */
  get predictions(): LearnersPrediction[] {
    return this.#reader.predictions;
  }

  /** The questions on which predictions are shared, in the order of the lessons. */
  get questions(): ClassQuestion[] {
    const found = new Map<string, ClassQuestion>();
    for (const { lesson, of } of this.predictions) {
      const key = `${lesson} ${of}`;
      found.set(key, { lesson, of, learners: (found.get(key)?.learners ?? 0) + 1 });
    }
    return [...found.values()].sort((a, b) => (a.lesson < b.lesson ? -1 : 1));
  }

  /** Reads what is new. @throws kafkajs's error if a broker does not answer */
  look(): Promise<void> {
    return this.#reader.look();
  }

  /**
   * Looks every second, for so many minutes, for `live`.
   * @throws LabError INTERRUPTED when the cell is interrupted, or kafkajs's error if no broker has answered for half a minute
   */
  async watch({ minutes }: { minutes: number }): Promise<void> {
    const signal = host().signal();
    const end = performance.now() + minutes * MINUTE;
    let answered = performance.now();
    while (performance.now() < end) {
      await pause(LOOK_EVERY, signal);
      if (signal.aborted) throw interrupted(signal.reason);
      try {
        await this.look();
        answered = performance.now();
      } catch (error) {
        if (performance.now() - answered > PATIENCE) throw error;
      }
    }
  }

  async close(): Promise<void> {
    await Promise.all([disconnectWithin(this.admin), disconnectWithin(this.brokers)]);
  }
}

function interrupted(cause: unknown): LabError {
  const what = 'Stopped watching the class: the cell was interrupted.';
  return new LabError('INTERRUPTED', { what, cause });
}
