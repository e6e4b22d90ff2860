import { basename, dirname, join } from 'node:path';
import type * as TypeScript from '@tslab/typescript-for-tslab';
import { documentOnDemand, withoutDocs } from './docs.js';
import { EARLIER_CELLS } from './shorthand.js';
import type { Ts } from './typescript.js';

type Read = (path: string) => string | undefined;

const REFERENCE = /^\/\/\/ <reference lib="([^"]+)" *\/>/gm;
/** Marks what is checked once and for all. */
const IS_LIBRARY = '/// <reference no-default-lib="true"/>\n';

/**
 * Has the compiler read declarations such that its work per cell is little: TypeScript's own library, fifty files with
 * parts of the same types, as one, of which the parts are put together once and not for each cell; and without docs.
 */
export function readLightly(ts: Ts, system: TypeScript.System, library: string): void {
  const { readFile } = system;
  const folder = dirname(ts.getDefaultLibFilePath({}));
  const { text, names } = joined(library, (name) => readFile(join(folder, name)) ?? '');
  const read: Read = (path) => {
    const name = basename(path);
    if (dirname(path) !== folder || !names.has(name)) return readFile(path);
    return name === library ? text : IS_LIBRARY;
  };
  system.readFile = (path) => {
    const found = read(path);
    return found && isDeclarations(path) ? withoutDocs(found) : found;
  };
  documentOnDemand(ts, read);
}

/** The text of a file of the library and all that it refers to, and their names. */
function joined(
  root: string,
  read: (name: string) => string,
): { text: string; names: Set<string> } {
  const names = new Set<string>();
  const add = (name: string): string => {
    if (names.has(name)) return '';
    names.add(name);
    const text = read(name);
    const before = [...text.matchAll(REFERENCE)].map(([, lib]) => add(`lib.${lib}.d.ts`));
    return [...before, text.replace(REFERENCE, '')].join('\n');
  };
  return { text: IS_LIBRARY + add(root), names };
}

/** Not those of earlier cells: what they document is kept in them. */
function isDeclarations(path: string): boolean {
  return /\.d\.[cm]?ts$/.test(path) && !path.endsWith(EARLIER_CELLS);
}
