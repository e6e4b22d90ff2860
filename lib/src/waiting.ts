import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** What ends a wait. Its outcome is a value, or an error that is thrown. */
interface Limits<E> {
  /** In milliseconds. While this process is stopped, or its machine asleep, no time goes by. */
  ms: number;
  late: () => E;
  signal?: AbortSignal | undefined;
  aborted?: (reason: unknown) => E;
  /** Whether the timer keeps the process alive; true unless given. */
  ref?: boolean;
}

/**
 * Settles as `promise` does; with the outcome of `late` or `aborted` if that comes first. No timer or listener is left, and
 * a later rejection of `promise` is ignored.
 */
export function withDeadline<T, E = never>(
  promise: Promise<T>,
  { ms, late, signal, aborted, ref = true }: Limits<E>,
): Promise<T | E> {
  const deadline: End<E> = { on: (end) => afterRunning(ms, end, ref), outcome: late };
  return unlessEnded(promise, [deadline, ...(aborted ? abortOf(signal, aborted) : [])]);
}

/** Settles as `promise` does; if `signal` is aborted first, with the outcome of `aborted`. No listener is left. */
export function unlessAborted<T, E = undefined>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  aborted: (reason: unknown) => E,
): Promise<T | E> {
  return unlessEnded(promise, abortOf(signal, aborted));
}

/** In ms: kafkajs cannot stop a consumer that is just joining, and a broker may be gone. */
const DISCONNECT_MS = 1500;

/** Disconnects a client, waiting 1.5 s at most. Never rejects, and does not keep the process alive. */
export async function disconnectWithin(
  client: { disconnect(): Promise<unknown> },
  ms = DISCONNECT_MS,
): Promise<void> {
  const disconnected = client.disconnect().catch(() => undefined);
  await withDeadline(disconnected, { ms, late: () => undefined, ref: false });
}

/** Waits so many milliseconds, or until the signal is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

/** Asks every ten milliseconds until it is so. Returns false if it is not after `ms` milliseconds. */
export async function isSoWithin(
  isSo: () => boolean | Promise<boolean>,
  ms: number,
): Promise<boolean> {
  const deadline = performance.now() + ms;
  while (!(await isSo())) {
    if (performance.now() > deadline) return false;
    await sleep(10);
  }
  return true;
}

/** Calls `act` when the signal is aborted, at once if it is already. Returns how to take that back. */
export function onAbort(signal: AbortSignal, act: () => void): () => void {
  if (signal.aborted) {
    act();
    return () => {};
  }
  // Any number of waits may share a signal: Node takes the eleventh listener for a leak.
  setMaxListeners(0, signal);
  signal.addEventListener('abort', act, { once: true });
  return () => signal.removeEventListener('abort', act);
}

interface End<E> {
  /** Calls `end` when it comes. Returns how to take that back. */
  on: (end: () => void) => () => void;
  outcome: () => E;
}

function abortOf<E>(signal: AbortSignal | undefined, aborted: (reason: unknown) => E): End<E>[] {
  if (!signal) return [];
  return [{ on: (end) => onAbort(signal, end), outcome: () => aborted(signal.reason) }];
}

async function unlessEnded<T, E>(promise: Promise<T>, ends: End<E>[]): Promise<T | E> {
  const forget: (() => void)[] = [];
  const ended = new Promise<E>((resolve) => {
    for (const { on, outcome } of ends) {
      const settle = async () => outcome();
      forget.push(on(() => resolve(settle())));
    }
  });
  try {
    return await Promise.race([promise, ended]);
  } finally {
    for (const undo of forget) undo();
  }
}

const TICK_MS = 250;

/** Calls `late` when this process has run for `limit` milliseconds. Returns how to take that back. */
function afterRunning(limit: number, late: () => void, ref: boolean): () => void {
  const ticks = Math.max(1, Math.ceil(limit / TICK_MS));
  const tick = Math.max(1, limit / ticks);
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
  if (!ref) timer.unref();
  return () => clearInterval(timer);
}
