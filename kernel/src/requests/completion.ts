import { isBuiltin } from 'node:module';
import type { Completion } from '../checker/checker.js';
import type { Content } from '../messages.js';
import { toPoints, toUnits } from './codepoints.js';

/** TypeScript's answer for a position in the code of a cell. */
export type Completer = (code: string, position: number) => Completion[];

const IDENTIFIER = { before: /#?[\w$\u0080-\uffff]*$/, after: /^[\w$\u0080-\uffff]*/ };
/** A string that has begun on the line, up to where its end is missing: the text before, its quote, and what is in it. */
const STRING =
  /^(?:[^'"`]|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`)*(['"])((?:\\.|(?!\1).)*)$/;

/** Content of complete_reply. */
export function complete(completer: Completer, code: string, cursor: number): Content {
  const position = toUnits(code, cursor);
  const { entries, start, end } = select(completer(code, position), code, position);
  const span = { start: toPoints(code, start), end: toPoints(code, end) };
  return {
    status: 'ok',
    matches: entries.map(({ name }) => name),
    cursor_start: span.start,
    cursor_end: span.end,
    metadata: {
      _jupyter_types_experimental: entries.map(({ name: text, type }) => {
        return { ...span, text, type };
      }),
    },
  };
}

/** What fits the word at the position, the best first, and where that word is. */
function select(all: readonly Completion[], code: string, position: number) {
  const { start, end } = wordAt(all, code, position);
  const typed = code.slice(start, position);
  const before = code.slice(0, start).split(/['"]/).at(-1) ?? '';
  const isThere = ({ name }: Completion) => !before.startsWith('node:') || isBuiltin(before + name);
  const ranked = all
    .filter(isThere)
    .map((entry) => ({ entry, rank: rankOf(entry, typed, typed.toLowerCase()) }))
    .filter(({ rank }) => rank !== '')
    .sort((a, b) => compare(a.rank, b.rank) || compare(a.entry.name, b.entry.name));
  return { entries: ranked.map(({ entry }) => entry), start, end };
}

/** In a string all of it, or of a path that is completed a part at a time, the last part; elsewhere the identifier. */
export function wordAt(all: readonly Completion[], code: string, position: number) {
  const line = code.slice(code.lastIndexOf('\n', position - 1) + 1, position);
  const [, quote = '', typed] = STRING.exec(line) ?? [];
  if (typed === undefined) {
    return {
      start: IDENTIFIER.before.exec(code.slice(0, position))?.index ?? position,
      end: position + (IDENTIFIER.after.exec(code.slice(position))?.[0].length ?? 0),
    };
  }
  const isWhole = all.some(({ name }) => name.startsWith(typed));
  const part = isWhole ? typed : typed.slice(typed.lastIndexOf('/') + 1);
  const [rest = ''] = code.slice(position).split(/['"\n]/);
  const isClosed = code[position + rest.length] === quote;
  return { start: position - part.length, end: position + (isClosed ? rest.length : 0) };
}

/** Sorts as text: what begins as typed, then in whatever case, then what holds it anywhere. */
function rankOf({ name, type, sortText }: Completion, typed: string, lower: string): string {
  if (name.startsWith('.') && !typed.startsWith('.')) return ''; // hidden files and folders
  if (name.startsWith(typed)) return `0${sortText}`;
  if (name.toLowerCase().startsWith(lower)) return `1${sortText}`;
  if (type === 'keyword') return '';
  return name.toLowerCase().includes(lower) ? `2${sortText}` : '';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
