import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError, messageOf } from '../errors.js';
import { contentsOf } from '../lessons/contents.js';
import { root } from '../paths.js';
import type { Notebook } from '../slides/notebook.js';
import { type Entry, type Part, partsIn } from './frame/parts.js';

const fileOf = (folder: string, name: string) => join(folder, `${name}.ipynb`);

/** The notebooks that are to have a page, in the parts of the course; those that are in none come last. */
export function partsOf(names: readonly string[], executed: string): Part[] {
  const all = partsIn(join(root, 'README.md'));
  const parts = all.map(({ title, entries }) => ({
    title,
    entries: entries.filter(({ name }) => names.includes(name)),
  }));
  const known = all.flatMap(({ entries }) => entries.map(({ name }) => name));
  const others = names
    .filter((name) => !known.includes(name))
    .map((name) => unlisted(fileOf(executed, name)));
  return [...parts, { title: 'More', entries: others }].filter(({ entries }) => entries.length > 0);
}

function unlisted(file: string): Entry {
  const { name, title, minutes } = contentsOf(file);
  return { name, title, minutes, shows: '' };
}

/** @throws LabError BAD_INPUT if there is none */
export function executedNotebook(folder: string, name: string): Notebook {
  try {
    return JSON.parse(readFileSync(fileOf(folder, name), 'utf8')) as Notebook;
  } catch (cause) {
    throw new LabError('BAD_INPUT', {
      what: `There is no executed notebook ${fileOf(folder, name)}.`,
      why: messageOf(cause),
      fix: 'Run: npm run notebooks',
      cause,
    });
  }
}
