import { labDir, stateDir } from '../../paths.js';

/** Where every tutorial looks for Kafka: `brokers: ['localhost:9092']`. */
const USUAL = 9092;

/**
 * The port that the lab's Kafka takes where it is free, so that a learner's own code finds it. Brokers of one notebook, and
 * those of tests, have state folders of their own and leave it alone: undefined.
 */
export function usualPort(): number | undefined {
  return stateDir() === labDir ? USUAL : undefined;
}
