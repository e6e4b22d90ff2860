import { readFileSync } from 'node:fs';
import type { Diagnostic } from 'tslab/dist/converter';
import type { ErrorContent } from '../messages.js';
import { caret, red } from './text.js';

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
 * The error of a cell that does not compile: every diagnostic with its line and a caret.
 * `isFresh` says whether no cell has declared anything yet.
 */
export function describeDiagnostics(
  diagnostics: Diagnostic[],
  code: string,
  { isFresh }: { isFresh: boolean },
): ErrorContent {
  const [first] = diagnostics;
  const more = diagnostics.length > 1 ? ` (and ${diagnostics.length - 1} more)` : '';
  return {
    ename: TYPESCRIPT_ERROR,
    evalue: `${first ? headline(first) : 'unknown'}${more}`,
    traceback: [
      ...diagnostics.flatMap((diagnostic) => describe(diagnostic, code)),
      ...(MAGIC.test(code) ? [NO_MAGIC] : adviceOnNames(diagnostics, isFresh)),
    ],
  };
}

/** What helps where names are missing: whether it is for want of other cells is known only of a kernel in which none has run. */
function adviceOnNames(diagnostics: Diagnostic[], isFresh: boolean): string[] {
  const unknown = diagnostics.filter((each) => UNKNOWN_NAME.includes(each.code) && !each.fileName);
  const all = unknown.flatMap(({ messageText }) => /'(.+?)'/.exec(messageText)?.[1] ?? []);
  const names = [...new Set(all)];
  if (names.length === 0) return [];
  if (isFresh) {
    return [
      `The kernel is fresh: no cell has declared anything since it started. ${RUN_ABOVE} runs those above.`,
    ];
  }
  const more = names.length > MAX_NAMES ? ` (and ${names.length - MAX_NAMES} more)` : '';
  return [
    `No cell that ran since the kernel started declares ${names.slice(0, MAX_NAMES).join(', ')}${more}. Correct the name, or run the cell that declares it first: ${RUN_ABOVE}.`,
  ];
}

function describe(diagnostic: Diagnostic, code: string): string[] {
  const { start, end, messageText } = diagnostic;
  const [title = '', ...chain] = messageText.split('\n');
  const line = sourceOf(diagnostic, code).split('\n')[start.line];
  const length = end.line === start.line ? end.character - start.character : 1;
  return [
    `${red(TYPESCRIPT_ERROR)} ${place(diagnostic)} - ${title}`,
    ...chain,
    ...(line === undefined ? [] : caret(line, start.character, length)),
  ];
}

function headline(diagnostic: Diagnostic): string {
  return `${place(diagnostic)} - ${diagnostic.messageText.split('\n')[0]}`;
}

/** line:column, counted from 1, after the name of the file if it is not the cell. */
function place({ fileName, start }: Diagnostic): string {
  return `${fileName ? `${fileName}:` : ''}${start.line + 1}:${start.character + 1}`;
}

function sourceOf({ fileName }: Diagnostic, code: string): string {
  if (!fileName) return code;
  try {
    return readFileSync(fileName, 'utf8');
  } catch {
    return '';
  }
}
