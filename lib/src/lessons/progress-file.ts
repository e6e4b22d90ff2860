import { readFileSync } from 'node:fs';
import { stateDir } from '../paths.js';
import { appendPrivate } from '../private.js';

/** A line of the file. A file that is only appended to survives two notebooks at once, and a kill at any moment. */
export type Entry =
  | { kind: 'check' | 'exercise'; lesson: string; claim: string; time: number }
  | { kind: 'answer'; lesson: string; said: string; isRight: boolean; time: number }
  | { kind: 'reset'; lesson?: string; time: number };

const file = () => stateDir('progress.jsonl');

/** Whether somebody learns here: not where a machine runs the notebooks. */
export const isKept = (): boolean => process.env['KAFKA_LAB_PROGRESS'] !== 'off';

export function entries(): Entry[] {
  return read().split('\n').flatMap(parsed);
}

function read(): string {
  try {
    return readFileSync(file(), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** A line that a full disk or a kill cut off counts as not written. */
function parsed(line: string): Entry[] {
  try {
    const entry = JSON.parse(line) as Partial<Record<keyof Entry, unknown>> | null;
    return typeof entry?.kind === 'string' ? [entry as Entry] : [];
  } catch {
    return [];
  }
}

export function append(entry: Entry): void {
  // The line break first: it parts this line from one that was cut off.
  appendPrivate(file(), `\n${JSON.stringify(entry)}`);
}
