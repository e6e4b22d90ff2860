import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError, messageOf } from '../errors.js';
import { contentsOf } from '../lessons/contents.js';
import { root } from '../paths.js';
import type { Notebook } from '../slides/notebook.js';
import type { Entry, Section } from './frame/notebook-page.js';
import { partsIn } from './frame/parts.js';

const FILE = (folder: string, name: string) => join(folder, `${name}.ipynb`);

/** The notebooks that are to have a page, in the parts of the course; those that are in none come last. */
export function sectionsOf(names: readonly string[], executed: string): Section[] {
  const parts = partsIn(join(root, 'README.md'));
  const listed = parts.map(({ title, notebooks }) => ({
    title,
    entries: notebooks.filter(({ name }) => names.includes(name)),
  }));
  const known = parts.flatMap(({ notebooks }) => notebooks.map(({ name }) => name));
  const others = names
    .filter((name) => !known.includes(name))
    .map((name) => unlisted(FILE(executed, name)));
  return [...listed, { title: 'More', entries: others }].filter(
    ({ entries }) => entries.length > 0,
  );
}

function unlisted(file: string): Entry {
  const { name, title, minutes } = contentsOf(file);
  return { name, title, minutes, shows: '' };
}

/** @throws LabError BAD_INPUT if there is none */
export function executedNotebook(folder: string, name: string): Notebook {
  try {
    return JSON.parse(readFileSync(FILE(folder, name), 'utf8')) as Notebook;
  } catch (cause) {
    throw new LabError('BAD_INPUT', {
      what: `There is no executed notebook ${FILE(folder, name)}.`,
      why: messageOf(cause),
      fix: 'Run: npm run notebooks',
      cause,
    });
  }
}
