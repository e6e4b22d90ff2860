import { relative } from 'node:path';
import { readText } from '../files.js';
import type { ErrorContent } from '../messages.js';
import { caret, red } from './text.js';

/** What TypeScript finds wrong. */
export interface Finding {
  /** The path of the file; none for the cell. */
  file?: string;
  /** From where to where, as offsets. */
  start: number;
  end: number;
  code: number;
  /** A chain of sentences, each on a line of its own and further in than the one before. */
  message: string;
}

export const TYPESCRIPT_ERROR = 'TypeScriptError';

/** How a cell begins that was meant for IPython. */
const MAGIC = /^\s*(%{1,2}|!)[a-z]/;
const NO_MAGIC =
  'Magics and shell commands of IPython (%time, !ls) are unknown here: cells are TypeScript. Commands run in a terminal, or by node:child_process.';

/** TypeScript's codes of a name that is not known, and resembles none: as itself, and in `{ name }`. */
const UNKNOWN_NAME = [2304, 18004];
const MAX_NAMES = 3;
const RUN_ABOVE = 'Run → Run All Above Selected Cell';

/**
 * The error of a cell that does not compile: every finding with its line and a caret.
 * `isFresh` says whether no cell has declared anything yet.
 */
export function describeFindings(
  findings: readonly Finding[],
  code: string,
  state: { readonly isFresh: boolean },
): ErrorContent {
  const shown = findings.map((finding) => located(finding, code));
  const [first] = shown;
  const more = shown.length > 1 ? ` (and ${shown.length - 1} more)` : '';
  return {
    ename: TYPESCRIPT_ERROR,
    evalue: `${first ? `${first.place} - ${first.title}` : 'unknown'}${more}`,
    traceback: [
      ...shown.flatMap(linesOf),
      ...(MAGIC.test(code) ? [NO_MAGIC] : adviceOnNames(findings, state)),
    ],
  };
}

/** What helps where names are missing: whether it is for want of other cells is known only of a kernel in which none has run. */
function adviceOnNames(findings: readonly Finding[], state: { isFresh: boolean }): string[] {
  const unknown = findings.filter(({ code, file }) => UNKNOWN_NAME.includes(code) && !file);
  const all = unknown.flatMap(({ message }) => /'(.+?)'/.exec(message)?.[1] ?? []);
  const names = [...new Set(all)];
  if (names.length === 0) return [];
  if (state.isFresh) {
    return [
      `The kernel is fresh: no cell has declared anything since it started. ${RUN_ABOVE} runs those above.`,
    ];
  }
  const more = names.length > MAX_NAMES ? ` (and ${names.length - MAX_NAMES} more)` : '';
  return [
    `No cell that ran since the kernel started declares ${names.slice(0, MAX_NAMES).join(', ')}${more}. Correct the name, or run the cell that declares it first: ${RUN_ABOVE}.`,
  ];
}

/** A finding, and where it is. */
interface Located {
  /** line:column, counted from 1, after the name of the file if it is not the cell. */
  place: string;
  title: string;
  chain: string[];
  /** The line, and which part of it is meant. */
  text: string;
  column: number;
  length: number;
}

function located({ file, start, end, message }: Finding, code: string): Located {
  const source = file ? textOf(file) : code;
  const at = Math.min(start, source.length);
  const begin = source.lastIndexOf('\n', at - 1) + 1;
  const [text = ''] = source.slice(begin).split('\n');
  const row = source.slice(0, begin).split('\n').length;
  const [title = '', ...chain] = message.split('\n');
  const name = file ? `${relative(process.cwd(), file)}:` : '';
  const isOneLine = end <= begin + text.length;
  return {
    ...{ place: `${name}${row}:${at - begin + 1}`, title, chain, text },
    ...{ column: at - begin, length: isOneLine ? end - at : 1 },
  };
}

function linesOf({ place, title, chain, text, column, length }: Located): string[] {
  return [
    `${red(TYPESCRIPT_ERROR)} ${place} - ${title}`,
    ...chain,
    ...(text === '' ? [] : caret(text, column, length)),
  ];
}

function textOf(file: string): string {
  try {
    return readText(file);
  } catch {
    return '';
  }
}
