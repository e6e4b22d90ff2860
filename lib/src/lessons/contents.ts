import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { courseFolder } from '../own-folders.js';

/**
 * Whether a notebook of this name is a lesson: two digits, then words in small letters, such as `05-scaling`. Appendices, notebooks
 * of one's own and JupyterLab's copies are none.
 */
export function isLesson(name: string): boolean {
  return /^\d\d(-[a-z0-9]+)+$/.test(name);
}

/** What a lesson contains, as far as progress counts it. */
export interface LessonContents {
  name: string;
  title: string;
  minutes: number | undefined;
  /** The claims of its checks and exercises, as written in its cells. */
  checks: string[];
  exercises: string[];
}

interface Cell {
  cell_type: string;
  source: string | string[];
}

/** The lessons of the course, in reading order. */
export function lessonContents(folder = courseFolder()): LessonContents[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.ipynb'));
  const lessons = files.filter((file) => isLesson(basename(file, '.ipynb')));
  return lessons.sort().map((file) => knownContents(join(folder, file)));
}

const known = new Map<string, { version: string; contents: LessonContents }>();

/** Read again only where the file has changed: who looks after each check does not wait for twenty files. */
function knownContents(path: string): LessonContents {
  const { mtimeMs, size } = statSync(path);
  const version = `${mtimeMs} ${size}`;
  const before = known.get(path);
  if (before?.version === version) return before.contents;
  const contents = contentsOf(path);
  known.set(path, { version, contents });
  return contents;
}

/** Of any notebook, a lesson or not. */
export function contentsOf(path: string): LessonContents {
  const cells = cellsOf(path);
  const text = (type: string) =>
    cells
      .filter(({ cell_type }) => cell_type === type)
      .map(({ source }) => [source].flat().join(''))
      .join('\n');
  const [prose, code] = [text('markdown'), text('code')];
  const name = basename(path, '.ipynb');
  const minutes = /takes (?:about )?([\w-]+) minutes/.exec(prose)?.[1];
  return {
    name,
    title: /^# (?:\S+ · )?(.+)$/m.exec(prose)?.[1]?.trim() ?? name,
    minutes: minutes === undefined ? undefined : numberOf(minutes),
    checks: claims(code, 'check'),
    exercises: claims(code, 'exercise'),
  };
}

/** None of a file that is no notebook any more: its own reader tells of that. */
function cellsOf(path: string): Cell[] {
  try {
    const { cells } = JSON.parse(readFileSync(path, 'utf8')) as { cells?: Cell[] };
    return cells ?? [];
  } catch {
    return [];
  }
}

/** The first arguments of all calls of this name, where they are plain strings. */
function claims(code: string, call: string): string[] {
  const calls = code.matchAll(new RegExp(`^ *${call}\\(\\s*(['"])((?:\\\\.|(?!\\1).)*)\\1`, 'gm'));
  return [...calls].map(([, , claim]) => (claim as string).replace(/\\(.)/g, '$1'));
}

const WORDS = [
  ...['five', 'ten', 'fifteen', 'twenty', 'twenty-five', 'thirty', 'thirty-five', 'forty'],
  ...['forty-five', 'fifty', 'fifty-five', 'sixty'],
];

function numberOf(word: string): number | undefined {
  if (/^\d+$/.test(word)) return Number(word);
  const at = WORDS.indexOf(word);
  return at < 0 ? undefined : (at + 1) * 5;
}
