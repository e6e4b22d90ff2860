import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { LabError } from '../errors.js';
import { notRead, unreadable } from './errors.js';
import { MOST_BYTES, MOST_OF_LINE } from './format.js';

const NEWLINE = 0x0a;
const CHUNK = 65_536;
const PACKED = '.gz';

/**
 * The lines of a file, one after the other, so that no more than one is in memory; of one whose name ends with .gz, what was
 * packed into it.
 * @param half makes the error of a file that ends within a line
 * @throws LabError BAD_INPUT where it is too large or ends within a line, SYSTEM_REFUSED
 */
export function* fileLines(path: string, half: () => LabError): Generator<string> {
  const file = opened(path);
  try {
    let rest: Buffer = Buffer.alloc(0);
    const chunks = path.endsWith(PACKED) ? [unpacked(path, file)] : chunksOf(path, file);
    for (const chunk of chunks) {
      const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      let from = 0;
      for (let to = bytes.indexOf(NEWLINE); to >= 0; to = bytes.indexOf(NEWLINE, from)) {
        yield bytes.toString('utf8', from, to);
        from = to + 1;
      }
      rest = Buffer.from(bytes.subarray(from));
      if (rest.length > MOST_OF_LINE)
        throw unreadable(path, `A line of it has more than ${MOST_OF_LINE} bytes`);
    }
    if (rest.length > 0) throw half();
  } finally {
    closeSync(file);
  }
}

function opened(path: string): number {
  try {
    const file = openSync(path, 'r');
    if (fstatSync(file).isFile()) return file;
    closeSync(file);
  } catch (error) {
    throw notRead(path, error);
  }
  throw unreadable(path, 'It is no file');
}

function* chunksOf(path: string, file: number): Generator<Buffer> {
  const chunk = Buffer.alloc(CHUNK);
  let all = 0;
  for (let bytes = readSync(file, chunk); bytes > 0; bytes = readSync(file, chunk)) {
    all += bytes;
    if (all > MOST_BYTES) throw tooLarge(path);
    yield chunk.subarray(0, bytes);
  }
}

/** Whole: whoever packs a run packs a small one. */
function unpacked(path: string, file: number): Buffer {
  try {
    return gunzipSync(readFileSync(file), { maxOutputLength: MOST_BYTES });
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(path);
    if (code.startsWith('Z_')) throw unreadable(path, 'It cannot be unpacked');
    throw error;
  }
}

const tooLarge = (path: string) =>
  unreadable(path, `It has more than ${MOST_BYTES / 1024 ** 2} MB`);
