import { sep } from 'node:path';
import { LabError } from '../../errors.js';
import { howToHaveOwnFolders, isForReading } from '../../own-folders.js';
import { labDir, stateDir } from '../../paths.js';
import { HELP } from './cause.js';

/** What helps, by what the operating system said. */
const FIXES: Record<string, (path: string) => string> = {
  ENOSPC: () => HELP.space,
  EDQUOT: () => HELP.space,
  EROFS: () => HELP.writable,
  EACCES: forOwner,
  EPERM: forOwner,
  EMFILE: () => HELP.files,
  ENFILE: () => 'Close other programs: this machine has too many files open',
  EIO: () => 'Its disk may be failing: name a folder of another one in KAFKA_LAB_STATE',
  ENOTDIR: forFile,
  EEXIST: forFile,
};

/** A file below the lab's own folder can be made the user's; of others the lab cannot know whose they have to be. */
function forOwner(path: string): string {
  if (stateDir() === labDir && isForReading()) return howToHaveOwnFolders();
  return path === stateDir() || path.startsWith(`${stateDir()}${sep}`)
    ? HELP.owner(stateDir())
    : HELP.writable;
}

function forFile(): string {
  return 'A part of this path is a file, where a folder is needed: move it away, or name another folder in KAFKA_LAB_STATE';
}

const DONE: Record<string, string> = {
  mkdir: 'make the folder',
  scandir: 'read the folder',
  read: 'read',
  write: 'write',
  unlink: 'delete',
  rmdir: 'delete',
  rm: 'delete',
  rename: 'rename',
  spawn: 'start',
};

/** Only writing is refused so. */
const OF_WRITING = ['ENOSPC', 'EDQUOT', 'EROFS'];

/**
 * What the operating system refused, as an error for people: which file, the system's words, and what helps. Every other
 * error, and one of a connection, as it is.
 */
export function asSystemError(error: unknown): unknown {
  if (error instanceof LabError || !(error instanceof Error)) return error;
  const { code = '', syscall = '', path, message } = error as NodeJS.ErrnoException;
  const fix = Object.hasOwn(FIXES, code) ? FIXES[code] : undefined;
  if (!fix || !syscall || 'address' in error) return error;
  const [call = ''] = syscall.split(' ');
  const done = DONE[call] ?? (OF_WRITING.includes(code) ? 'write' : 'open');
  const words = /^\w+: (.+?), /.exec(message)?.[1] ?? message;
  return new LabError('SYSTEM_REFUSED', {
    what: `Could not ${done} ${path ?? `a file of the lab, in ${stateDir()}`}.`,
    why: `The system says: ${words} (${code}).`,
    fix: `${fix(path ?? stateDir())}, then try again.`,
    cause: error,
  });
}
