/** Which partitions each member owns, such as `{ a: [0, 2], b: [1] }`. */
export type Assignment = Record<string, number[]>;

/** What a learner expects. Without a value: no guess, which is fine. */
export interface Prediction<T> {
  readonly kind: 'assignment' | 'number' | 'order' | 'choice';
  readonly value: T | undefined;
}

/** Expectations, written down before the experiment; `compare` sets them beside what happened. */
export const predict = {
  /** Which partitions each member will own. Members without any partition at all mean no guess. */
  assignment(owned: Assignment = {}): Prediction<Assignment> {
    const isEmpty = Object.values(owned).every((partitions) => partitions.length === 0);
    return { kind: 'assignment', value: isEmpty ? undefined : owned };
  },

  /** How many, how long, how much: the cell says the unit. */
  number(value?: number): Prediction<number> {
    return { kind: 'number', value };
  },

  /** In which order things will come. An empty list means no guess. */
  order(sequence: readonly (string | number)[] = []): Prediction<readonly (string | number)[]> {
    return { kind: 'order', value: sequence.length === 0 ? undefined : sequence };
  },

  /** One of the options. */
  oneOf<const T extends readonly string[]>(options: T, choice?: T[number]): Prediction<T[number]> {
    if (options.length < 2) throw new RangeError('A choice needs at least two options.');
    return { kind: 'choice', value: choice };
  },
};
