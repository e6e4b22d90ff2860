import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { privateFolder } from '../private.js';
import { processStart } from './processes.js';

/** Writes a file that is there whole or not at all, readable by its owner only. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  privateFolder(dirname(path));
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, content, { mode: 0o600, flush: true });
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Paths of what `writeWhole` left in a folder when its process was killed in the middle. */
export function leftDrafts(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const isLeft = (name: string) => {
    const writer = /\.(\d+)\.tmp$/.exec(name)?.[1];
    return writer !== undefined && processStart(Number(writer)) === undefined;
  };
  return readdirSync(folder)
    .filter(isLeft)
    .map((name) => join(folder, name));
}

/** The content of a JSON file; undefined if it is missing or not JSON. */
export function readJson<T>(path: string): Partial<T> | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
