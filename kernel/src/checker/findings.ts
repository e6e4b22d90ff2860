import type { Finding } from './checker.js';
import type { Folder } from './folder.js';
import { type Diagnostic, typescript } from './typescript7.js';

/** The errors among what TypeScript says, in our words. */
export function findingsOf(folder: Folder, diagnostics: readonly Diagnostic[]): Finding[] {
  const { Error } = typescript.sync.DiagnosticCategory;
  const errors = diagnostics.filter(({ category }) => category === Error);
  return errors.map((diagnostic) => {
    const { fileName = '', pos, end, code } = diagnostic;
    const file = folder.pathOf(fileName);
    const message = folder.readable(messageOf(diagnostic));
    return { ...(file ? { file } : {}), start: pos, end, code, message };
  });
}

/** A message with the chain of what explains it. */
function messageOf({ text, messageChain = [] }: Diagnostic, depth = 0): string {
  const chain = messageChain.map((link) => messageOf(link, depth + 1));
  return [`${'  '.repeat(depth)}${text}`, ...chain].join('\n');
}
