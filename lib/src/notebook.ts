import { LabError, type LabErrorText } from './errors.js';
import { host, type InputOptions } from './host.js';

/**
 * Asks the person at the keyboard and waits for the answer. Without anybody to ask, the answer is the given default.
 * @throws LabError NO_INPUT if nobody can be asked and there is no default.
 */
export async function input(prompt = '', options: InputOptions = {}): Promise<string> {
  try {
    return await host().input(prompt, options);
  } catch (error) {
    throw isRefusal(error) ? new LabError('NO_INPUT', error) : error;
  }
}

/** Whether it is the host's error, which has the sentences of ours. */
function isRefusal(error: unknown): error is LabErrorText {
  return (error as { code?: unknown } | undefined)?.code === 'NO_INPUT';
}

/**
 * Clears what the cell has shown so far, as console.clear() does; with `wait`, only when the next output replaces it, so that
 * nothing flickers.
 */
export function clearOutput(options: { wait?: boolean } = {}): void {
  host().clear(options);
}
