import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Says what of a folder is the site's, so that pages of a lesson that is gone go, and nobody else's files do. */
const LIST = 'assets/files.json';

/** What a site is made of, by its path in the site. */
export type Files = Map<string, string | Buffer>;

/** Writes the site, and removes what an earlier one has left behind in the folder. */
export function publish(files: Files, folder: string): void {
  const before = listIn(folder);
  // Until all is done the list has both, so that a later run knows all files of one that was killed.
  writeList(folder, [...before, ...files.keys()]);
  for (const [path, content] of files) write(folder, path, content);
  for (const path of before) if (!files.has(path)) rmSync(join(folder, path), { force: true });
  writeList(folder, [...files.keys()]);
}

function write(folder: string, path: string, content: string | Buffer): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

function writeList(folder: string, paths: string[]): void {
  const draft = `${LIST}.new`;
  write(folder, draft, JSON.stringify([...new Set(paths)].toSorted(), null, 1));
  renameSync(join(folder, draft), join(folder, LIST));
}

function listIn(folder: string): string[] {
  let list: unknown;
  try {
    list = JSON.parse(readFileSync(join(folder, LIST), 'utf8'));
  } catch {
    return []; // none yet, or no list any more: then nothing is known to be the site's
  }
  return [list].flat().filter(isOfSite);
}

/** A site's files are in its folder or one below: no list leads out of it. */
function isOfSite(path: unknown): path is string {
  return typeof path === 'string' && /^((assets|drawings|pictures)\/)?[^/\\]+\.\w+$/.test(path);
}
