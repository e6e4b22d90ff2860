/** So many places a slider has: more would not be told apart. */
const MOST_STEPS = 200;
/** In seconds. */
const LEAST_STEP = 0.01;

/** The moments that a slider stops at. */
export interface Steps {
  /** In milliseconds since 1970. */
  start: number;
  /** When each of them is, in the same way; the last one is after all that is known. */
  times: readonly number[];
  /** From one to the next, and up to the last, in seconds. */
  size: number;
  last: number;
  /** The first one at which what happened then is seen. */
  at(time: number): number;
  /** In seconds since the start. */
  secondsOf(step: number): number;
}

export function stepsOf(start: number, end: number): Steps {
  const duration = Math.max(0, end - start) / 1000;
  const size = Math.max(LEAST_STEP, roundUp(duration / MOST_STEPS));
  const many = Math.max(1, Math.ceil(duration / size));
  const times = Array.from({ length: many }, (_, i) => start + i * size * 1000);
  times.push(Number.POSITIVE_INFINITY);
  const secondsOf = (step: number) => Number((step * size).toFixed(2));
  return {
    start,
    times,
    size,
    last: secondsOf(many),
    secondsOf,
    at: (time) => firstAt(times, time),
  };
}

/** To 1, 2 or 5 of something: steps between which nobody has to count. */
export function roundUp(least: number): number {
  if (least <= 0) return 0;
  const ten = Math.floor(Math.log10(least));
  const found = [1, 2, 5, 10].map((n) => Number(`${n}e${ten}`)).find((step) => step >= least);
  return found ?? Number(`1e${ten + 1}`);
}

function firstAt(times: readonly number[], time: number): number {
  let low = 0;
  for (let high = times.length - 1; low < high; ) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
