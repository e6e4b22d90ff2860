import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LabError, messageOf } from '../errors.js';

/**
 * Writes files into a folder that is not there yet, or empty.
 * @throws LabError BAD_INPUT if something is in it, SYSTEM_REFUSED
 */
export function writeProject(folder: string, files: ReadonlyMap<string, string>): void {
  try {
    mkdirSync(folder, { recursive: true });
    requireEmpty(folder);
    for (const [path, text] of files) {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      // Never over one that somebody else has just written.
      writeFileSync(file, text, { flag: 'wx' });
    }
  } catch (cause) {
    if (cause instanceof LabError) throw cause;
    throw new LabError('SYSTEM_REFUSED', {
      what: `The project could not be written to ${folder}.`,
      why: `The system says: ${messageOf(cause)}.`,
      fix: 'Name a folder in which you may write.',
      cause,
    });
  }
}

function requireEmpty(folder: string): void {
  const [first] = readdirSync(folder).sort();
  if (first === undefined) return;
  throw new LabError('BAD_INPUT', {
    what: `${folder} is not empty.`,
    why: `It holds ${first}, and nothing there is written over.`,
    fix: 'Name a folder that is not there yet.',
  });
}
