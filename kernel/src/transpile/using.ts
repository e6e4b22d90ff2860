import type { Edits } from './edits.js';
import type { Outline, Statement } from './outline.js';

/** What the code calls with what a cell declares by `using`. */
export const USE = '__use__';

/**
 * Makes constants of what a cell declares by `using` at its own level: disposing of it is left to who runs the cell, who
 * can do it, too, where the code is stopped and runs no `finally`. `edits` are of the source.
 */
export function withoutUsing(outline: Outline, edits: Edits): void {
  for (const statement of outline.statements) {
    if (statement.node.type === 'UsingDeclaration') toConstants(statement, outline, edits);
  }
}

function toConstants({ start, node }: Statement, { position }: Outline, edits: Edits): void {
  const { decls = [], isAwait = false } = node;
  for (const [index, { span, init }] of decls.entries()) {
    if (index === 0) edits.replace(start, position(span.start), 'const ');
    if (!init) continue;
    edits.insert(position(init.span.start), `${USE}(`);
    edits.insert(position(init.span.end), `, ${isAwait})`);
  }
}
