import {
  appendFileSync,
  chmodSync,
  closeSync,
  fchmodSync,
  fstatSync,
  mkdirSync,
  openSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, relative, sep } from 'node:path';
import { stateDir } from './paths.js';

// What the running lab writes is its user's alone, whatever the umask: logs and facts hold what learners wrote,
// files in run/ the tokens. What set-up installs is not made here: several users may share an installation.

/** Of the state folder, which may be that of the installation, too. */
const PARTS = ['data', 'jupyter', 'kept', 'logs', 'own', 'queue', 'run', 'services'];

const FOLDER = 0o700;
const FILE = 0o600;
const OTHERS = 0o077;

/** Makes a folder that only its user can open; closes those of the state that an earlier version of the lab has made. */
export function privateFolder(path: string): string {
  mkdirSync(path, { recursive: true, mode: FOLDER });
  const below = relative(stateDir(), path).split(sep);
  if (PARTS.includes(below[0] ?? ''))
    for (const [i] of below.entries()) close(stateDir(...below.slice(0, i + 1)));
  return path;
}

/** Opens a file that only its user can read, its folder with it. The caller closes it. */
export function openPrivate(path: string, flags: 'a' | 'a+' | 'w'): number {
  if (dirname(path) !== stateDir()) privateFolder(dirname(path));
  else mkdirSync(stateDir(), { recursive: true });
  const file = openSync(path, flags, FILE);
  if (fstatSync(file).mode & OTHERS) whereAllowed(() => fchmodSync(file, FILE));
  return file;
}

export function appendPrivate(path: string, text: string): void {
  into(openPrivate(path, 'a'), (file) => appendFileSync(file, text));
}

export function writePrivate(path: string, content: string | Uint8Array): void {
  into(openPrivate(path, 'w'), (file) => writeFileSync(file, content));
}

function into(file: number, write: (file: number) => void): void {
  try {
    write(file);
  } finally {
    closeSync(file);
  }
}

function close(folder: string): void {
  if (statSync(folder).mode & OTHERS) whereAllowed(() => chmodSync(folder, FOLDER));
}

/** Some file systems know no modes, and what belongs to somebody else is not ours to close. */
function whereAllowed(change: () => void): void {
  try {
    change();
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['EPERM', 'ENOSYS', 'ENOTSUP'].includes(code)) throw error;
  }
}
