import type * as TypeScript from '@tslab/typescript-for-tslab';
import type { Ts } from './typescript.js';

/**
 * The code without its `export`, in whose place are blanks: what was pasted from a module declares the same here. What
 * has no other meaning, as `export * from`, stays, and is an error.
 */
export function withoutExports(ts: Ts, code: string): string {
  if (!/\bexport\b/.test(code)) return code;
  const file = ts.createSourceFile('cell.ts', code, ts.ScriptTarget.Latest);
  return file.statements
    .map((statement) => spanOf(ts, file, statement))
    .reduce(
      (text, [from, to]) => text.slice(0, from) + blank(text.slice(from, to)) + text.slice(to),
      code,
    );
}

/** From where to where it is about exporting alone. */
function spanOf(
  ts: Ts,
  file: TypeScript.SourceFile,
  statement: TypeScript.Statement,
): [number, number] {
  const start = statement.getStart(file);
  if (ts.isExportAssignment(statement) && !statement.isExportEquals) {
    return [start, statement.expression.getStart(file)];
  }
  if (ts.isExportDeclaration(statement)) {
    return [start, isPlain(ts, statement) ? statement.end : start];
  }
  const [first, second] = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  if (first?.kind !== ts.SyntaxKind.ExportKeyword) return [start, start];
  if (second?.kind !== ts.SyntaxKind.DefaultKeyword) return [start, first.end];
  return [start, (statement as TypeScript.DeclarationStatement).name ? second.end : start];
}

/** `export { a, b }`, of names that the cell has. */
function isPlain(ts: Ts, { exportClause, moduleSpecifier }: TypeScript.ExportDeclaration): boolean {
  if (moduleSpecifier || !exportClause || !ts.isNamedExports(exportClause)) return false;
  return exportClause.elements.every(({ propertyName }) => !propertyName);
}

/** Keeps lines and columns as they were. */
function blank(text: string): string {
  return text.replace(/[^\r\n]/g, ' ');
}
