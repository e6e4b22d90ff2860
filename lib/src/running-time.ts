const TICK_MS = 250;

/**
 * Calls `late` when this process has run for `limit` milliseconds. While it is stopped, or its machine asleep, no time goes by:
 * a laptop that wakes up goes on waiting. Returns how to take that back.
 */
export function afterRunning(limit: number, late: () => void): () => void {
  const tick = Math.min(TICK_MS, limit);
  let left = limit;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    // A tick that comes very late had no process to come to.
    left -= Math.min(now - last, 4 * tick);
    last = now;
    if (left > 0) return;
    clearInterval(timer);
    late();
  }, tick);
  return () => clearInterval(timer);
}
