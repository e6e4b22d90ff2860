import { LabError } from '../../errors.js';
import { host } from '../../host.js';
import { pause } from '../../waiting.js';

export interface StreamOptions {
  perSecond: number;
  count: number;
}

/** Something that is repeated in the background, while cells run. */
export interface Stream {
  /** Settles when it has done all, or was stopped. Does not reject: a failure fails the cell. */
  readonly done: Promise<void>;
  stop(): Promise<void>;
}

/**
 * So many steps may be under way at once: where answers take long, the rate is kept all the same. Eight were too few for seventeen
 * steps a second on a machine so busy that each took half a second.
 */
const MOST_UNDER_WAY = 64;

/**
 * Calls `step(0)`, `step(1)`, … at a steady rate. A step that is late is made up for. A step does not wait for the one before:
 * a slow broker would else be spared the load that it is slow under (Tene's "coordinated omission").
 * @throws LabError BAD_INPUT
 */
export function steadily(
  { perSecond, count }: StreamOptions,
  step: (n: number) => unknown,
): Stream {
  requirePositive('perSecond', perSecond);
  requirePositive('count', count);
  const stopped = new AbortController();
  const done = repeat(1000 / perSecond, count, step, stopped.signal).catch((error) =>
    host().fail(error),
  );
  return {
    done,
    stop: () => {
      stopped.abort();
      return done;
    },
  };
}

async function repeat(
  interval: number,
  count: number,
  step: (n: number) => unknown,
  signal: AbortSignal,
): Promise<void> {
  const start = performance.now();
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  for (let n = 0; n < count && !signal.aborted && failures.length === 0; n++) {
    const early = start + n * interval - performance.now();
    if (early > 0) await pause(early, signal);
    if (underWay.size >= MOST_UNDER_WAY) await Promise.race(underWay);
    if (signal.aborted || failures.length > 0) break;
    const one = (async () => void (await step(n)))()
      .catch((error: unknown) => void failures.push(error))
      .finally(() => underWay.delete(one));
    underWay.add(one);
  }
  await Promise.all(underWay);
  if (failures.length > 0) throw failures[0];
}

function requirePositive(name: string, value: number): void {
  if (Number.isFinite(value) && value > 0) return;
  throw new LabError('BAD_INPUT', {
    what: `${name} cannot be ${value}.`,
    fix: 'Give a number above 0.',
  });
}
