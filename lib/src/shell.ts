import { isAbsolute, relative } from 'node:path';

/** A path as an argument of a command that is typed in the present folder. */
export function argument(path: string, cwd = process.cwd()): string {
  const near = relative(cwd, path);
  return quoted(near === '' || near.startsWith('..') || isAbsolute(near) ? path : near);
}

/** A text as one argument of a command, whatever is in it. */
export function quoted(text: string): string {
  return /^[\w./@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
