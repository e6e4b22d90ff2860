// The global one is looked up with every use.
import { performance } from 'node:perf_hooks';

const { timeOrigin } = performance;

/** Milliseconds since 1970 with fractions, and never going back within a process. */
export function now(): number {
  return timeOrigin + performance.now();
}
