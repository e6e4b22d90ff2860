import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { LabError } from '../errors.js';
import { courseFolder } from '../own-folders.js';

export interface NotebookFile {
  /** The file name without .ipynb. */
  name: string;
  path: string;
}

const ENDING = '.ipynb';

/** The course, in order. */
export function courseNotebooks(folder = courseFolder()): NotebookFile[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(ENDING))
    .sort()
    .map((file) => fileOf(join(folder, file)));
}

/**
 * The notebooks meant by `names`: file names with or without .ipynb, number prefixes like 05, paths to any
 * .ipynb (relative to `cwd`). None named: the whole course.
 * @throws LabError BAD_INPUT, with the list of those there are
 */
export function chooseNotebooks(
  names: string[],
  course: NotebookFile[],
  cwd = process.env['INIT_CWD'] ?? process.cwd(),
): NotebookFile[] {
  if (names.length === 0) return course;
  const chosen = names.map((name) => find(name, course, cwd));
  const files = [...new Map(chosen.map((file) => [file.path, file])).values()];
  const twice = files.find((file, i) => files.findIndex((f) => f.name === file.name) !== i);
  if (twice) {
    throw new LabError('BAD_INPUT', {
      what: `Two of the notebooks are called ${twice.name}.`,
      why: 'Their executed copies would be one file.',
      fix: 'Run them one after the other.',
    });
  }
  return files;
}

/** Whether a notebook asks for several brokers, which it then kills: those that somebody else runs it may not. */
export function killsBrokers({ path }: NotebookFile): boolean {
  return /\bopenLab\([^)]*\bbrokers:/.test(readFileSync(path, 'utf8'));
}

/** Whether a notebook reads as a member of a share group, which Kafka has since 4.2. */
export function usesShareGroups({ path }: NotebookFile): boolean {
  return /\bshareConsumer\(/.test(readFileSync(path, 'utf8'));
}

function find(name: string, course: NotebookFile[], cwd: string): NotebookFile {
  const short = name.endsWith(ENDING) ? name.slice(0, -ENDING.length) : name;
  const named = course.find((file) => file.name === short);
  if (named) return named;
  const path = resolve(cwd, name);
  if (name.endsWith(ENDING) && existsSync(path)) return fileOf(path);
  const numbered = /^\d+$/.test(name) && course.find((file) => file.name.startsWith(`${name}-`));
  if (numbered) return numbered;
  throw new LabError('BAD_INPUT', {
    what: `There is no notebook '${name}'.`,
    why: `The course has: ${course.map((file) => file.name).join(', ')}.`,
    fix: 'Name one of them, its number, or the path of any .ipynb file.',
  });
}

function fileOf(path: string): NotebookFile {
  return { name: basename(path, ENDING), path };
}
