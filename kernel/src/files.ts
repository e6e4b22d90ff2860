import { readFileSync, type Stats, statSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';

/** What is at a path; undefined if nothing is, whatever the reason. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // a part of the path is no folder, or may not be entered
  }
}

/** Cells that are modules, under the paths of the files that they stand for: they go before those on the disk. */
const moduleCells = new Map<string, { text: string; version: string }>();

export function addModuleCell(path: string, text: string): void {
  const known = moduleCells.get(path);
  if (known?.text === text) return;
  moduleCells.set(path, { text, version: `cell ${moduleCells.size} ${performance.now()}` });
}

/** @throws Error if there is no such file */
export function readText(path: string): string {
  return moduleCells.get(path)?.text ?? readFileSync(path, 'utf8');
}

/** What the name of a file may lack. */
const ENDINGS = [
  ...['', '.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.json'],
  ...['/index.ts', '/index.js'],
];
/** A file may be named as what it would be compiled to. */
const SOURCE_OF: Record<string, string> = {
  ...{ '.js': '.ts', '.jsx': '.tsx', '.mjs': '.mts', '.cjs': '.cts' },
};

/** `paths` of a tsconfig.json: where modules with such names are, `*` being the same text in both. */
export interface Paths {
  /** The folder that they start from. */
  base: string;
  patterns: Record<string, string[]>;
}

/** Those of the notebook's folder. */
let ofFolder: Paths | undefined;

export function setPaths(paths: Paths | undefined): void {
  ofFolder = paths;
}

/**
 * The path of a file that is imported by its place, or by a name in `paths`; undefined for packages, what is in them,
 * and what is not there.
 */
export function fileMeant(folder: string, id: string, paths = ofFolder): string | undefined {
  if (/^(\/|\.{1,2}(\/|$))/.test(id)) return fileAt(id.startsWith('/') ? id : join(folder, id));
  for (const place of paths ? placesOf(id, paths) : []) {
    const found = fileAt(place);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where a module can be: by the pattern that says most about its name. */
function placesOf(id: string, { base, patterns }: Paths): string[] {
  const fitting = Object.entries(patterns).flatMap(([pattern, places]) => {
    const [before = '', after] = pattern.split('*');
    if (after === undefined) return id === pattern ? [{ said: Infinity, places }] : [];
    const isLong = id.length >= before.length + after.length;
    if (!isLong || !id.startsWith(before) || !id.endsWith(after)) return [];
    const rest = id.slice(before.length, id.length - after.length);
    const filled = places.map((place) => place.replace('*', () => rest));
    return [{ said: before.length, places: filled }];
  });
  const [best] = fitting.sort((a, b) => b.said - a.said);
  return (best?.places ?? []).map((place) => resolve(base, place));
}

function fileAt(path: string): string | undefined {
  if (path.includes('/node_modules/')) return undefined;
  const ending = extname(path);
  const source = SOURCE_OF[ending];
  const sources = source ? [path.slice(0, -ending.length) + source] : [];
  return [...sources, ...ENDINGS.map((each) => path + each)].find(isFile);
}

export function isFile(path: string): boolean {
  return moduleCells.has(path) || (statOf(path)?.isFile() ?? false);
}

/** Changes when the file does. */
export function versionOf(path: string): string {
  const { mtimeMs, size } = statOf(path) ?? {};
  return moduleCells.get(path)?.version ?? `${mtimeMs} ${size}`;
}

/** Where something is imported: after `from`, `import`, or in `import()`. */
const IMPORTED = /(?:\bfrom|\bimport\s*\(?)\s*(['"])([^'"\n]+)\1/g;

/** The files, not those of packages, that a text in the folder imports, and those that these import. */
export function filesReached(folder: string, text: string, seen = new Set<string>()): Set<string> {
  for (const [, , id = ''] of text.matchAll(IMPORTED)) {
    const path = fileMeant(folder, id);
    if (path === undefined || seen.has(path)) continue;
    seen.add(path);
    filesReached(dirname(path), readText(path), seen);
  }
  return seen;
}
