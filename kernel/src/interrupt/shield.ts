/**
 * What both threads see: [0] the last ping answered, [1] how deep in code that must not be stopped; of the requests to
 * be stopped, by number, [2] the one for which this thread is held (or OPEN, or WITHDRAWN), [3] the last one of which the
 * order is on its way;
 * [4] whether this thread waits for a child process; [5] the id of the process that checks types, 0 if there is none.
 */
export const shared = new Int32Array(new SharedArrayBuffer(24));

export const PINGED = 0;
const SHIELDED = 1;
export const HELD = 2;
export const ORDERED = 3;
export const WAITING = 4;
export const CHECKER = 5;

/** At HELD: nobody is held yet. */
export const OPEN = 0;
/** At HELD: nobody shall be held any more. */
export const WITHDRAWN = -1;

/** Runs `body`, which an interrupt must not break off: half a compilation would spoil the next. */
export function shielded<T>(body: () => T): T {
  Atomics.add(shared, SHIELDED, 1);
  try {
    return body();
  } finally {
    Atomics.sub(shared, SHIELDED, 1);
  }
}

export function isShielded(cells: Int32Array): boolean {
  return Atomics.load(cells, SHIELDED) > 0;
}
