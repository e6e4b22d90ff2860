import { isAbsolute, relative } from 'node:path';

/** A path as an argument of a command that is typed in the present folder. */
export function argument(path: string, cwd = process.cwd()): string {
  const near = relative(cwd, path);
  const shown = near === '' || near.startsWith('..') || isAbsolute(near) ? path : near;
  return /^[\w./@:+-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}
