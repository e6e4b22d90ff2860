import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { courseFolder, originalFiles } from '../../own-folders.js';
import { originals, root, stateDir } from '../../paths.js';
import { writePrivate } from '../../private.js';

const git = promisify(execFile);
const FOLDER = 'notebooks';
/** A checkpoint of JupyterLab, and what else it and npx have beside the notebooks. */
const ASIDE = /^\.|~$|^node_modules$/;

/** What has to be done to have the course's files as they came. */
export interface FilesPlan {
  /** With the name of their folder: changed by the learner, or gone. */
  changed: string[];
  missing: string[];
  /** Not of the course: they stay. */
  own: string[];
}

/** The course as it came: names relative to its folder, and what is in them. */
interface Originals {
  files: string[];
  read(file: string): Promise<Buffer>;
}

/**
 * Compares the notebooks with those of the last commit, a learner's copies with those of the installation. Writes nothing.
 * @returns why that is not possible, if there is no git or no repository
 */
export async function planFiles(
  checkout = root,
  folder = checkout === root ? courseFolder() : join(checkout, FOLDER),
): Promise<FilesPlan | { impossible: string }> {
  const { files, read } = await originalsOf(checkout, folder).catch((error) => ({
    files: `${whyNot(error)}, so nobody knows how they were`,
    read: undefined,
  }));
  if (!read) return { impossible: files };
  if (files.length === 0)
    return { impossible: 'the git repository does not hold them, so nobody knows how they were' };
  const shown = (file: string) => `${basename(folder)}/${file}`;
  const plan: FilesPlan = { changed: [], missing: [], own: ownFiles(folder, files).map(shown) };
  for (const file of files) {
    const now = contentOf(join(folder, file));
    if (now === undefined) plan.missing.push(shown(file));
    else if (!now.equals(await read(file))) plan.changed.push(shown(file));
  }
  return plan;
}

/** Carries a plan out. @returns the folder with the learner's changed files, if there were any */
export async function restoreFiles(
  { changed, missing }: FilesPlan,
  checkout = root,
  folder = checkout === root ? courseFolder() : join(checkout, FOLDER),
): Promise<string | undefined> {
  const { read } = await originalsOf(checkout, folder);
  const kept = stateDir('kept', new Date().toISOString().slice(0, 19).replaceAll(':', '-'));
  const above = dirname(folder);
  for (const file of changed) writePrivate(join(kept, file), readFileSync(join(above, file)));
  for (const file of [...changed, ...missing]) {
    mkdirSync(dirname(join(above, file)), { recursive: true });
    writeFileSync(join(above, file), await read(file.slice(basename(folder).length + 1)));
  }
  return changed.length > 0 ? join(kept, basename(folder)) : undefined;
}

async function originalsOf(checkout: string, folder: string): Promise<Originals> {
  if (folder === join(checkout, FOLDER)) {
    const read = (file: string) => committedContent(checkout, `${FOLDER}/${file}`);
    return { files: await committedFiles(checkout), read };
  }
  return { files: originalFiles(), read: async (file) => readFileSync(join(originals, file)) };
}

function whyNot(error: unknown): string {
  const { code, stderr = '' } = error as NodeJS.ErrnoException & { stderr?: string };
  if (code === 'ENOENT') return 'there is no git on this machine';
  if (/not a git repository/i.test(stderr)) return 'this is not a git repository';
  return `git says "${stderr.trim().split('\n')[0]}"`;
}

async function committedFiles(checkout: string): Promise<string[]> {
  const list = ['ls-tree', '-r', '-z', '--name-only', 'HEAD', '--', `${FOLDER}/`];
  const { stdout } = await git('git', ['-C', checkout, ...list], { timeout: 10_000 });
  const files = stdout.split('\0').filter(Boolean);
  return files.map((file) => file.slice(FOLDER.length + 1));
}

async function committedContent(checkout: string, file: string): Promise<Buffer> {
  const options = { encoding: 'buffer', maxBuffer: 64 * 1024 ** 2, timeout: 10_000 } as const;
  const { stdout } = await git('git', ['-C', checkout, 'show', `HEAD:./${file}`], options);
  return stdout;
}

function contentOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

function ownFiles(folder: string, course: string[]): string[] {
  const known = new Set(course.map((file) => file.split('/')[0]));
  return readdirSync(folder).filter((name) => !known.has(name) && !ASIDE.test(name));
}
