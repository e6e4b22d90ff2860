import type { Edits } from './edits.js';
import type { Outline, Statement } from './outline.js';

/**
 * Makes constants of what a cell declares by `using` at its own level: disposing of it is left to who runs the cell, who
 * can do it, too, where the code is stopped and runs no `finally`. `edits` are of the source, which calls `use`.
 */
export function withoutUsing(outline: Outline, edits: Edits, use: string): void {
  for (const statement of outline.statements) {
    if (statement.node.type === 'UsingDeclaration') toConstants(statement, outline, edits, use);
  }
}

function toConstants(
  { start, node }: Statement,
  { position }: Outline,
  edits: Edits,
  use: string,
): void {
  const { decls = [], isAwait = false } = node;
  for (const [index, { span, init }] of decls.entries()) {
    if (index === 0) edits.replace(start, position(span.start), 'const ');
    if (!init) continue;
    edits.insert(position(init.span.start), `${use}(`);
    edits.insert(position(init.span.end), `, ${isAwait})`);
  }
}
