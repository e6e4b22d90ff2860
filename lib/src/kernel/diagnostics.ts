import { readFileSync } from 'node:fs';
import type { Diagnostic } from 'tslab/dist/converter';
import type { ErrorContent } from './messages.js';
import { caret, red } from './text.js';

export const TYPESCRIPT_ERROR = 'TypeScriptError';

/** How a cell begins that was meant for IPython. */
const MAGIC = /^\s*(%{1,2}|!)[a-z]/;
const NO_MAGIC =
  'Magics and shell commands of IPython (%time, !ls) are unknown here: cells are TypeScript. Commands run in a terminal, or by node:child_process.';

/** The error of a cell that does not compile: every diagnostic with its line and a caret. */
export function describeDiagnostics(diagnostics: Diagnostic[], code: string): ErrorContent {
  const [first] = diagnostics;
  const more = diagnostics.length > 1 ? ` (and ${diagnostics.length - 1} more)` : '';
  return {
    ename: TYPESCRIPT_ERROR,
    evalue: `${first ? headline(first) : 'unknown'}${more}`,
    traceback: [
      ...diagnostics.flatMap((diagnostic) => describe(diagnostic, code)),
      ...(MAGIC.test(code) ? [NO_MAGIC] : []),
    ],
  };
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
