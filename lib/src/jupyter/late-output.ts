import { readFileSync } from 'node:fs';
import { sizeOf } from '../log.js';
import { stateDir } from '../paths.js';

/**
 * Where the kernel logs what a cell wrote after it had ended; clients such as nbclient drop that. Its kernelspec tells it
 * (setup/steps/jupyter.mjs).
 */
export const lateOutputLog = (): string => stateDir('logs', 'late-output.log');

/**
 * Call it before a run; what it returns counts, after the run, the late writes of one session.
 * `session` is what the kernel got as JPY_SESSION_NAME.
 */
export function watchLateOutput(session: string): () => number {
  const path = lateOutputLog();
  const before = sizeOf(path);
  return () => {
    const size = sizeOf(path);
    if (size === before) return 0;
    // Smaller than before: it was cut meanwhile.
    const added = readFileSync(path).subarray(size < before ? 0 : before);
    return added
      .toString('utf8')
      .split('\n')
      .filter((line) => line.includes(` ${session} [`)).length;
  };
}
