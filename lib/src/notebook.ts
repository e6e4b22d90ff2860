import { host, type InputOptions } from './host.js';

/**
 * Asks the person at the keyboard and waits for the answer. Without anybody to ask, the answer is the given default.
 * @throws LabError NO_INPUT if nobody can be asked and there is no default.
 */
export function input(prompt = '', options: InputOptions = {}): Promise<string> {
  return host().input(prompt, options);
}

/**
 * Clears what the cell has shown so far, as console.clear() does; with `wait`, only when the next output replaces it, so that
 * nothing flickers.
 */
export function clearOutput(options: { wait?: boolean } = {}): void {
  host().clear(options);
}
