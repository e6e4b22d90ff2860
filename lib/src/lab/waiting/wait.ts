import { LabError } from '../../errors.js';
import { host } from '../../host.js';
import type { Ledger } from '../../ledger/index.js';
import { withDeadline } from '../../waiting.js';

export interface WaitOptions {
  /** Milliseconds; 20,000 when not given. */
  timeout?: number;
}

interface Wait {
  /** What is waited for, to be read after "Waited 20 s for". */
  what: string;
  isDone: () => boolean;
  /** How far it came, for the message of a wait that was in vain. */
  progress?: () => string;
}

/**
 * Waits until facts make `isDone` true: it is asked after facts, never by the clock. Of facts that come together it is asked when
 * all are recorded, so that it is about the present: a service may have gone on since the first of them.
 * @throws LabError TIMED_OUT, or INTERRUPTED when the cell is interrupted
 */
export async function until(ledger: Ledger, wait: Wait, options: WaitOptions = {}): Promise<void> {
  let stop = () => {};
  const done = new Promise<void>((resolve, reject) => {
    let isDue = false;
    const look = () => {
      isDue = false;
      if (wait.isDone()) resolve();
    };
    const lookSoon = () => {
      if (isDue) return;
      isDue = true;
      Promise.resolve().then(look).catch(reject);
    };
    stop = ledger.onFact(lookSoon);
    look();
  });
  await within(done, wait, options).finally(stop);
}

/** How often the broker is asked while the ledger says that something is not done yet, in milliseconds. */
const ASKED_EVERY_MS = 1000;

/**
 * The same, but once facts say so, the broker is asked, and facts once more: of the records of others only it knows. It is asked now
 * and then before, too: it may have deleted what is waited for, or ended a transaction.
 * @param ask records what the broker says; never throws
 * @throws what `until` throws
 */
export async function untilConfirmed(
  ledger: Ledger,
  ask: () => Promise<void>,
  wait: Wait,
  options: WaitOptions = {},
): Promise<void> {
  const confirmed = async () => {
    do {
      await until(ledger, wait, options);
      await ask();
    } while (!wait.isDone());
  };
  const asking = setInterval(() => void ask(), ASKED_EVERY_MS);
  await within(confirmed(), wait, options).finally(() => clearInterval(asking));
}

/**
 * Waits until something holds that no fact reports: it is checked 40 times a second.
 * @throws LabError TIMED_OUT, or INTERRUPTED when the cell is interrupted
 */
export async function untilSo(
  what: string,
  isSo: () => boolean,
  options: WaitOptions = {},
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const done = new Promise<void>((resolve, reject) => {
    const look = () => {
      try {
        if (isSo()) resolve();
      } catch (error) {
        reject(error);
      }
    };
    timer = setInterval(look, 25);
    look();
  });
  await within(done, { what }, options).finally(() => clearInterval(timer));
}

/**
 * Waits for `done`, no longer than the time limit, in which this process has to run, and the cell.
 * @throws LabError TIMED_OUT, or INTERRUPTED when the cell is interrupted
 */
export async function within<T>(
  done: Promise<T>,
  { what, progress }: Pick<Wait, 'what' | 'progress'>,
  { timeout = 20_000 }: WaitOptions = {},
): Promise<T> {
  return withDeadline(done, {
    ms: timeout,
    late: () => {
      throw timedOut(what, timeout, progress);
    },
    signal: host().signal(),
    aborted: (reason) => {
      throw interrupted(what, reason);
    },
  });
}

function timedOut(what: string, timeout: number, progress?: () => string): LabError {
  return new LabError('TIMED_OUT', {
    what: `Waited ${timeout / 1000} s for ${what}, in vain.`,
    ...(progress ? { why: `Seen until then: ${progress()}.` } : {}),
    fix: 'Run the cells above again; if that does not help, restart the kernel and run all cells.',
  });
}

function interrupted(what: string, cause: unknown): LabError {
  const sentence = `Stopped waiting for ${what}: the cell was interrupted.`;
  return new LabError('INTERRUPTED', { what: sentence, cause });
}
