import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { privateFolder } from '../private.js';
import { processStart } from './processes.js';

const PIECE = 65_536;

/** Writes a file that is there whole or not at all, readable by its owner only. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  whole(path, (temporary) => writeFileSync(temporary, content, { mode: 0o600, flush: true }));
}

/** The same of lines, which are not all in memory at once. */
export function writeLinesWhole(path: string, lines: Iterable<string>): void {
  whole(path, (temporary) => {
    const file = openSync(temporary, 'w', 0o600);
    try {
      for (const piece of inPieces(lines)) writeFileSync(file, piece);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  });
}

function whole(path: string, write: (temporary: string) => void): void {
  privateFolder(dirname(path));
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    write(temporary);
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** A call of the system for each line would take longer than all else. */
function* inPieces(lines: Iterable<string>): Generator<string> {
  let piece = '';
  for (const line of lines) {
    piece += `${line}\n`;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  yield piece;
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
