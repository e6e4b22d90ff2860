import type { CompletionEntry, CompletionInfo } from '@tslab/typescript-for-tslab';
import type { Content } from '../messages.js';
import { toPoints, toUnits } from './codepoints.js';

/** TypeScript's answer for a position in the code of a cell; undefined if it has none. */
export type Completer = (code: string, position: number) => CompletionInfo | undefined;

/** The words beside a completion. JupyterLab colours each by its first letter. */
const TYPES: Record<string, string[]> = {
  function: ['function', 'local function', 'call'],
  method: ['method', 'construct'],
  class: ['class', 'local class', 'constructor'],
  interface: ['interface'],
  type: ['type', 'type parameter', 'primitive type'],
  enum: ['enum'],
  module: ['module', 'external module name', 'alias', 'script', 'directory'],
  property: ['property', 'getter', 'setter', 'accessor', 'index', 'enum member', 'JSX attribute'],
  variable: ['var', 'local var', 'let', 'const', 'parameter', 'label'],
  keyword: ['keyword'],
  string: ['string'],
};
const TYPE_OF = new Map(
  Object.entries(TYPES).flatMap(([type, kinds]) => kinds.map((kind) => [kind, type] as const)),
);
const IDENTIFIER = { before: /[\w$\u0080-\uffff]*$/, after: /^[\w$\u0080-\uffff]*/ };

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
      _jupyter_types_experimental: entries.map(({ name: text, kind }) => {
        return { ...span, text, type: TYPE_OF.get(kind) ?? '' };
      }),
    },
  };
}

/** What fits the word at the position, the best first, and where that word is. */
function select(info: CompletionInfo | undefined, code: string, position: number) {
  const { start, end } = wordAt(info, code, position);
  const typed = code.slice(start, position);
  const entries = info?.entries.filter(({ kind }) => kind !== 'warning') ?? [];
  const ranked = entries
    .map((entry) => ({ entry, rank: rankOf(entry, typed, typed.toLowerCase()) }))
    .filter(({ rank }) => rank !== '')
    .sort((a, b) => compare(a.rank, b.rank) || compare(a.entry.name, b.entry.name));
  return { entries: ranked.map(({ entry }) => entry), start, end };
}

/** As TypeScript says, which knows that node:fs is one word in a string; or else the identifier. */
function wordAt(info: CompletionInfo | undefined, code: string, position: number) {
  const span = info?.optionalReplacementSpan;
  if (span) return { start: span.start, end: span.start + span.length };
  return {
    start: IDENTIFIER.before.exec(code.slice(0, position))?.index ?? position,
    end: position + (IDENTIFIER.after.exec(code.slice(position))?.[0].length ?? 0),
  };
}

/** Sorts as text: what begins as typed, then in whatever case, then what holds it anywhere. */
function rankOf({ name, kind, sortText }: CompletionEntry, typed: string, lower: string): string {
  if (name.startsWith('.') && !typed) return ''; // the hidden folders beside packages
  if (name.startsWith(typed)) return `0${sortText}`;
  if (name.toLowerCase().startsWith(lower)) return `1${sortText}`;
  if (kind === 'keyword') return '';
  return name.toLowerCase().includes(lower) ? `2${sortText}` : '';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
