import { readFileSync } from 'node:fs';

/** What is known of a notebook without its cells. */
export interface Entry {
  name: string;
  /** With its number: "05 · Scaling". */
  title: string;
  minutes: number | undefined;
  /** What one sees in it, in Markdown. */
  shows: string;
}

/** A part of the course. */
export interface Part {
  title: string;
  entries: Entry[];
}

/** Its page, as a link from any other. */
export const hrefOf = ({ name }: Pick<Entry, 'name'>): string => `${encodeURIComponent(name)}.html`;

const HEAD = /^\| \*\*(.+)\*\* \| \| \|$/;
const ROW = /^\| \[([^\]]+)\]\(notebooks\/([\w-]+)\.ipynb\) \| (.*) \| (\d*) ?\|$/;

/** The course in its parts: the table of README. */
export function partsIn(readme: string): Part[] {
  const parts: Part[] = [];
  for (const line of readFileSync(readme, 'utf8').split('\n')) {
    const [, part] = HEAD.exec(line) ?? [];
    if (part) parts.push({ title: part, entries: [] });
    const [, title, name, shows = '', minutes] = ROW.exec(line) ?? [];
    if (!title || !name) continue;
    const entry = { name, title, shows, minutes: minutes ? Number(minutes) : undefined };
    parts.at(-1)?.entries.push(entry);
  }
  return parts;
}
