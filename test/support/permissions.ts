import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const OTHERS = 0o077;

/**
 * What of a lab's state others than its user could read, change or list, as `mode path`.
 * @param theirs folders, relative to it, that programs of others fill: what is in them counts as closed with them
 */
export function openToOthers(folder: string, theirs: readonly string[] = []): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    const { mode } = lstatSync(path);
    if (entry.isSymbolicLink()) return [];
    const open = mode & OTHERS ? [`${(mode & 0o777).toString(8)} ${path}`] : [];
    if (!entry.isDirectory() || (theirs.includes(entry.name) && open.length === 0)) return open;
    return [...open, ...openToOthers(path)];
  });
}
