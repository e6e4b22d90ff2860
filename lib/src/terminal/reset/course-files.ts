import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { root, stateDir } from '../../paths.js';
import { writePrivate } from '../../private.js';

const git = promisify(execFile);
const FOLDER = 'notebooks';
/** A checkpoint of JupyterLab, and what else it writes beside the notebooks. */
const ASIDE = /^\.|~$/;

/** What has to be done to have the course's files as they came. */
export interface FilesPlan {
  /** Relative to the checkout: changed by the learner, or gone. */
  changed: string[];
  missing: string[];
  /** Not of the course: they stay. */
  own: string[];
}

/**
 * Compares the notebooks with those of the last commit. Writes nothing.
 * @returns why that is not possible, if there is no git or no repository
 */
export async function planFiles(checkout = root): Promise<FilesPlan | { impossible: string }> {
  let committed: string[];
  try {
    committed = await committedFiles(checkout);
  } catch (error) {
    return { impossible: `${whyNot(error)}, so nobody knows how they were` };
  }
  if (committed.length === 0)
    return { impossible: 'the git repository does not hold them, so nobody knows how they were' };
  const plan: FilesPlan = { changed: [], missing: [], own: ownFiles(checkout, committed) };
  for (const file of committed) {
    const now = contentOf(join(checkout, file));
    if (now === undefined) plan.missing.push(file);
    else if (!now.equals(await committedContent(checkout, file))) plan.changed.push(file);
  }
  return plan;
}

/** Carries a plan out. @returns the folder with the learner's changed files, if there were any */
export async function restoreFiles(
  { changed, missing }: FilesPlan,
  checkout = root,
): Promise<string | undefined> {
  const kept = stateDir('kept', new Date().toISOString().slice(0, 19).replaceAll(':', '-'));
  for (const file of changed) writePrivate(join(kept, file), readFileSync(join(checkout, file)));
  for (const file of [...changed, ...missing]) {
    mkdirSync(dirname(join(checkout, file)), { recursive: true });
    writeFileSync(join(checkout, file), await committedContent(checkout, file));
  }
  return changed.length > 0 ? join(kept, FOLDER) : undefined;
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
  return stdout.split('\0').filter(Boolean);
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

function ownFiles(checkout: string, committed: string[]): string[] {
  const known = new Set(committed.map((file) => file.split('/')[1]));
  const names = readdirSync(join(checkout, FOLDER));
  return names.filter((name) => !known.has(name) && !ASIDE.test(name)).map((n) => `${FOLDER}/${n}`);
}
