import { readFileSync } from 'node:fs';
import type { Entry } from './notebook-page.js';

/** A part of the course, as README has it. */
export interface Part {
  title: string;
  notebooks: Entry[];
}

const HEAD = /^\| \*\*(.+)\*\* \| \| \|$/;
const ROW = /^\| \[([^\]]+)\]\(notebooks\/([\w-]+)\.ipynb\) \| (.*) \| (\d*) ?\|$/;

/** The course in its parts: the table of README. */
export function partsIn(readme: string): Part[] {
  const parts: Part[] = [];
  for (const line of readFileSync(readme, 'utf8').split('\n')) {
    const [, title] = HEAD.exec(line) ?? [];
    if (title) parts.push({ title, notebooks: [] });
    const [, called, name, shows = '', minutes] = ROW.exec(line) ?? [];
    if (called && name)
      parts.at(-1)?.notebooks.push({
        ...{ name, title: called, shows },
        minutes: minutes ? Number(minutes) : undefined,
      });
  }
  return parts;
}
