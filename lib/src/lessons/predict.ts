import { LabError } from '../errors.js';
import { list, partitionsNamed } from '../words.js';
import { show } from './judge.js';

/** Which partitions each member owns, such as `{ a: [0, 2], b: [1] }`. */
export type Assignment = Record<string, number[]>;

/** What a learner expects. Without a value: no guess, which is fine. */
export interface Prediction<T> {
  readonly kind: 'assignment' | 'number' | 'order' | 'choice';
  readonly value: T | undefined;
}

/** Expectations, written down before the experiment; `compare` sets them beside what happened. */
export const predict = {
  /**
   * Which partitions each member will own; `of` is the topic that they read. Members without any partition at all mean no guess.
   * @throws LabError BAD_INPUT for a partition that cannot be
   */
  assignment(owned: Assignment = {}, { of }: { of?: Partitioned } = {}): Prediction<Assignment> {
    const partitions = Object.values(owned).flat();
    for (const partition of partitions) requirePartition(partition, of);
    return { kind: 'assignment', value: partitions.length === 0 ? undefined : owned };
  },

  /** How many, how long, how much: the cell says the unit. @throws LabError BAD_INPUT for what is no number */
  number(value?: number): Prediction<number> {
    if (value !== undefined && !Number.isFinite(value)) {
      throw new LabError('BAD_INPUT', {
        what: `${value} cannot be predicted.`,
        fix: 'Write a number, such as predict.number(3).',
      });
    }
    return { kind: 'number', value };
  },

  /** In which order things will come. An empty list means no guess. */
  order(sequence: readonly (string | number)[] = []): Prediction<readonly (string | number)[]> {
    return { kind: 'order', value: sequence.length === 0 ? undefined : sequence };
  },

  /** One of the options. @throws LabError BAD_INPUT for anything else */
  oneOf<const T extends readonly string[]>(options: T, choice?: T[number]): Prediction<T[number]> {
    if (options.length < 2) throw new RangeError('A choice needs at least two options.');
    if (choice !== undefined && !options.includes(choice)) {
      throw new LabError('BAD_INPUT', {
        what: `${show(choice)} is not one of the options.`,
        fix: `Choose ${list(options.map(show), 'or')}.`,
      });
    }
    return { kind: 'choice', value: choice };
  },
};

/** What has partitions: a topic. */
interface Partitioned {
  readonly partitions: number;
}

function requirePartition(partition: number, topic: Partitioned | undefined): void {
  if (Number.isInteger(partition) && partition >= 0 && partition < (topic?.partitions ?? Infinity))
    return;
  const all = Array.from({ length: topic?.partitions ?? 0 }, (_, n) => n);
  throw new LabError('BAD_INPUT', {
    what: `There is no partition ${show(partition)}.`,
    why: topic ? `The topic has ${partitionsNamed(all)}.` : 'Partitions are numbered from 0.',
    fix: 'Write the numbers of partitions between the brackets, each with the member that will own it.',
  });
}
