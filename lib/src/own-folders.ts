import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { LabError } from './errors.js';
import { labDir, originals, root, stateDir } from './paths.js';

// Of an installation that others share, a learner changes nothing: state and notebooks are in folders of their own.

/** What JupyterLab writes beside notebooks. */
const ASIDE = '.ipynb_checkpoints';

/** A folder of the learner's own by its variable, and where the lab proposes it. */
const OWN = {
  KAFKA_LAB_STATE: '"$HOME/.kafka-lab"',
  KAFKA_LAB_NOTEBOOKS: '"$HOME/kafka-notebooks"',
};

/** Where the learner's notebooks are: KAFKA_LAB_NOTEBOOKS, or those of the checkout. */
const notebooksDir = (): string =>
  process.env['KAFKA_LAB_NOTEBOOKS'] ? resolve(process.env['KAFKA_LAB_NOTEBOOKS']) : originals;

/** Where executed copies, slides and reports go, unless told. */
export function buildDir(...parts: string[]): string {
  return process.env['KAFKA_LAB_STATE']
    ? stateDir('build', ...parts)
    : join(root, 'build', ...parts);
}

/** What whoever may not change the installation has to say first. */
export function howToHaveOwnFolders(): string {
  const missing = Object.entries(OWN).filter(([name]) => !process.env[name]);
  return `Run: export ${missing.map(([name, folder]) => `${name}=${folder}`).join(' ')}`;
}

/** Whether the installation is somebody else's. */
export function isForReading(): boolean {
  return existsSync(labDir) && !isWritable(labDir);
}

/** @throws LabError SYSTEM_REFUSED if what a command would change is somebody else's */
export function requireOwnFolders(): void {
  const state = stateDir() === labDir ? [labDir] : [];
  const notebooks = notebooksDir() === originals ? [originals] : [];
  const closed = [...state, ...notebooks].find((path) => existsSync(path) && !isWritable(path));
  if (!closed) return;
  throw new LabError('SYSTEM_REFUSED', {
    what: `You may read this installation of the lab, and not change it: ${closed}.`,
    why: 'Your data, logs and notebooks need folders of your own.',
    fix: `${howToHaveOwnFolders()}, then try again.`,
  });
}

/**
 * The folder with the learner's notebooks. One of their own that is not there yet is made, as a copy of the course; in it
 * `npx --no kafka-lab` works, too.
 */
export function courseFolder(): string {
  const folder = notebooksDir();
  if (folder === originals) return folder;
  if (!existsSync(folder)) copyCourse(folder);
  linkCommand(folder);
  return folder;
}

/** The course's files as they came, relative to the folder of the originals. */
export function originalFiles(): string[] {
  const entries = readdirSync(originals, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((e) => join(e.parentPath, e.name));
  return files.map((path) => relative(originals, path)).filter((path) => !path.includes(ASIDE));
}

/** Whole or not at all, whenever this process is killed. */
function copyCourse(folder: string): void {
  mkdirSync(dirname(folder), { recursive: true });
  const draft = mkdtempSync(`${folder}.`);
  try {
    for (const file of originalFiles()) {
      mkdirSync(dirname(join(draft, file)), { recursive: true });
      writeFileSync(join(draft, file), readFileSync(join(originals, file)));
    }
    if (!existsSync(folder)) renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Where npx looks for it. A learner's own packages may be installed beside it. */
function linkCommand(folder: string): void {
  const link = join(folder, 'node_modules', '.bin', 'kafka-lab');
  if (lstatSync(link, { throwIfNoEntry: false }) || !isWritable(folder)) return;
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(join(root, 'lib', 'bin', 'kafka-lab.js'), link);
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
