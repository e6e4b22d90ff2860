import { messageOf } from '../../lib/src/errors.ts';
import { withDeadline } from '../../lib/src/waiting.ts';
import type { Outcome, Started } from './command.ts';

/** What is to end, each by its name. */
type Endings = Record<string, () => unknown>;

/** Ends one after the other, whichever of them fail or are not done within the limit, in ms; then says which those were. */
export async function endAll(endings: Endings, limit = 40_000): Promise<void> {
  const failures: string[] = [];
  for (const [name, end] of Object.entries(endings)) {
    const late = () => {
      throw new Error(`It has not ended within ${limit} ms.`);
    };
    await withDeadline((async () => end())(), { ms: limit, late }).catch((error) =>
      failures.push(`${name}: ${messageOf(error)}`),
    );
  }
  if (failures.length > 0) throw new Error(failures.join('\n'));
}

/** The end of a process, which has to come within the limit, in ms. */
export function inTime(started: Started, what: string, limit = 180_000): Promise<Outcome> {
  const late = () => {
    started.kill('SIGKILL');
    throw new Error(`${what} has not ended within ${limit} ms:\n${started.output}`);
  };
  return withDeadline(started.ended, { ms: limit, late });
}
