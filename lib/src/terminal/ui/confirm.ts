import { createInterface } from 'node:readline/promises';
import { LabError } from '../../errors.js';

/** Asks on the terminal. Ctrl-C breaks the whole command off; the end of the input is a no. */
export async function confirmed(question: string, ended?: AbortSignal): Promise<boolean> {
  // Not in readline's raw mode, where Ctrl-C would be a key like any other.
  const reader = createInterface({ input: process.stdin, terminal: false });
  try {
    process.stdout.write(`${question} (y/N) `);
    const first = await reader[Symbol.asyncIterator]().next();
    if (first.done && !ended?.aborted) process.stdout.write('\n');
    return /^\s*y(es)?\s*$/i.test(first.value ?? '');
  } finally {
    reader.close();
  }
}

/** @throws LabError BAD_INPUT where nobody can be asked */
export function requireSomebodyToAsk(): void {
  if (process.stdin.isTTY) return;
  throw new LabError('BAD_INPUT', {
    what: 'Nobody can be asked here, since this is not a terminal.',
    fix: 'Add --yes to go on without asking.',
  });
}
