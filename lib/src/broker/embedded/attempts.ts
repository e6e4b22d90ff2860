import { rmSync } from 'node:fs';
import { LabError } from '../../errors.js';
import type { ClassSource } from './java.js';
import { PortTaken } from './spawn-node.js';

/** What may differ from one attempt to start to the next. */
export interface Attempt {
  source: ClassSource;
  /** A port was taken between being chosen and being used: take others. */
  otherPorts: boolean;
}

const MOST = 5;

/**
 * Starts Kafka; again on other ports, or without the cache, which is a gain and never a need. A cache that was the reason is
 * removed.
 * @throws LabError as `start` does, BROKER_FAILED where no port is free for long
 */
export async function withAttempts<T>(
  first: ClassSource,
  start: (attempt: Attempt) => Promise<T>,
): Promise<T> {
  const attempt: Attempt = { source: first, otherPorts: false };
  let suspect: string | undefined;
  for (let n = 1; ; n += 1) {
    try {
      const started = await start(attempt);
      if (suspect) rmSync(suspect, { force: true }); // it was the cache, not the data
      return started;
    } catch (error) {
      const { source } = attempt;
      const isPort = error instanceof PortTaken;
      const isFailure = error instanceof LabError && error.code === 'BROKER_FAILED';
      const mayBeCache = isFailure && source.kind === 'cache';
      if (n >= MOST || !(isPort || mayBeCache)) throw asLabError(error);
      if (isPort) attempt.otherPorts = true;
      else if (source.kind === 'cache') {
        suspect = source.cache;
        attempt.source = { kind: 'jars' };
      }
    }
  }
}

function asLabError(error: unknown): unknown {
  if (!(error instanceof PortTaken)) return error;
  return new LabError('BROKER_FAILED', {
    what: 'Kafka found no free port.',
    why: `Several were taken between being chosen and being used. ${error.message}`,
    cause: error,
  });
}
