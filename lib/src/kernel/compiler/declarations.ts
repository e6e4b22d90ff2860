import type * as TypeScript from '@tslab/typescript-for-tslab';
import type { Ts } from './typescript.js';

type Test = (name: string) => boolean;

/**
 * The declarations after a cell of whose values some are `missing`: those of `after` without them, and in their place
 * what `before` knew under these names. Types have no value that could be missing.
 */
export function survivors(
  ts: Ts,
  before: string,
  after: string,
  missing: ReadonlySet<string>,
): string {
  if (missing.size === 0) return after;
  const kept = filter(ts, after, (name) => !missing.has(name), true);
  const restored = filter(ts, before, (name) => missing.has(name), false);
  return [...kept, ...restored.filter((text) => !kept.includes(text))].join('\n');
}

/** The statements, as text, of what passes `test`; types do so if `types` is set. */
function filter(ts: Ts, text: string, test: Test, types: boolean): string[] {
  const file = ts.createSourceFile('declarations.d.ts', text, ts.ScriptTarget.Latest);
  const printer = ts.createPrinter();
  return file.statements.flatMap((statement) => {
    const node = filterStatement(ts, statement, test, types);
    return node ? [printer.printNode(ts.EmitHint.Unspecified, node, file)] : [];
  });
}

function filterStatement(
  ts: Ts,
  statement: TypeScript.Statement,
  test: Test,
  types: boolean,
): TypeScript.Statement | undefined {
  if (ts.isVariableStatement(statement)) return filterVariables(ts, statement, test);
  if (ts.isImportDeclaration(statement)) return filterImport(ts, statement, test);
  const type = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
  if (type && types) return statement;
  const { name } = statement as TypeScript.DeclarationStatement;
  return name && ts.isIdentifier(name) && test(name.text) ? statement : undefined;
}

function filterVariables(
  { factory, isIdentifier }: Ts,
  statement: TypeScript.VariableStatement,
  test: Test,
): TypeScript.Statement | undefined {
  const list = statement.declarationList;
  const left = list.declarations.filter(({ name }) => isIdentifier(name) && test(name.text));
  if (left.length === 0) return undefined;
  const updated = factory.updateVariableDeclarationList(list, left);
  return factory.updateVariableStatement(statement, statement.modifiers, updated);
}

function filterImport(
  { factory, isNamedImports }: Ts,
  statement: TypeScript.ImportDeclaration,
  test: Test,
): TypeScript.Statement | undefined {
  const { importClause: clause, moduleSpecifier, assertClause, modifiers } = statement;
  if (!clause) return undefined;
  const name = clause.name && test(clause.name.text) ? clause.name : undefined;
  let bindings = clause.namedBindings;
  if (bindings && isNamedImports(bindings)) {
    const left = bindings.elements.filter((element) => test(element.name.text));
    bindings = left.length > 0 ? factory.updateNamedImports(bindings, left) : undefined;
  } else if (bindings && !test(bindings.name.text)) bindings = undefined;
  if (!name && !bindings) return undefined;
  const updated = factory.updateImportClause(clause, clause.isTypeOnly, name, bindings);
  return factory.updateImportDeclaration(
    statement,
    modifiers,
    updated,
    moduleSpecifier,
    assertClause,
  );
}
