import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KERNEL, TSLAB } from '../places.js';
import type { Positions } from './positions.js';
import { caret } from './text.js';

const FRAME = /^\s+at (?:(.*?) \()?(?:async )?(.+?):(\d+):(\d+)\)?$/;
const MAX_LIBRARY_FRAMES = 4;

type Origin = 'cell' | 'user' | 'library' | 'hidden';
interface Frame {
  origin: Origin;
  lines: string[];
}

/**
 * The lines of a stack that a learner can use: in cells as written, with the line of the first one,
 * and in own files; of libraries only if there is nothing else.
 */
export function readableFrames(stack: string, positions: Positions): string[] {
  const frames = stack.split('\n').map((line) => read(line, positions));
  const own = frames.filter(({ origin }) => origin === 'cell' || origin === 'user');
  const library = frames.filter(({ origin }) => origin === 'library').slice(0, MAX_LIBRARY_FRAMES);
  const shown = own.length > 0 ? own : library;
  const first = shown.findIndex(({ origin }) => origin === 'cell');
  const lines = shown.map((frame, index) =>
    index === first ? frame.lines : frame.lines.slice(0, 1),
  );
  return lines.filter(([text], index) => index < 2 || text !== lines[index - 1]?.[0]).flat();
}

function read(line: string, positions: Positions): Frame {
  const match = FRAME.exec(line);
  if (!match) return { origin: 'hidden', lines: [] };
  const [, caller, file = '', row, column] = match;
  const place = `${file}:${row}:${column}`;
  const known = positions.line(file, Number(row)); // the stack was mapped already
  if (known !== undefined) {
    return { origin: 'cell', lines: [frame(caller, place), ...caret(known, Number(column) - 1)] };
  }
  const path = file.startsWith('file:') ? fileURLToPath(file) : file;
  const origin = originOf(path, positions.hidden);
  return { origin, lines: [frame(caller, `${relative(process.cwd(), path)}:${row}:${column}`)] };
}

function frame(caller: string | undefined, place: string): string {
  return caller ? `    at ${caller} (${place})` : `    at ${place}`;
}

function originOf(path: string, hidden: readonly string[]): Origin {
  if (!path.startsWith(sep) && !/^[A-Za-z]:/.test(path)) return 'hidden'; // node:…, evalmachine
  // The kernel itself and tslab: nobody wants to read their frames.
  if (path.includes(TSLAB)) return 'hidden';
  if ([KERNEL, ...hidden].some((folder) => path.startsWith(folder + sep))) return 'hidden';
  return path.includes(`${sep}node_modules${sep}`) ? 'library' : 'user';
}
