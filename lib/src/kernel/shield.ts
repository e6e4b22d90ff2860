/**
 * What both threads see: [0] the last ping answered, [1] how deep in code that must not be stopped; of the requests to
 * be stopped, by number, [2] the one for which this thread is held, [3] the last one of which the order is on its way.
 */
export const shared = new Int32Array(new SharedArrayBuffer(16));

export const PINGED = 0;
const SHIELDED = 1;
export const HELD = 2;
export const ORDERED = 3;

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
