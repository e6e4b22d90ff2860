import type { Name, Outline, Statement } from '../transpile/outline.js';
import type { Tree } from '../transpile/tree.js';
import type { TypeOfName } from './checker.js';

/** What a later cell has to be told of a name. */
export interface Declaration {
  /** None for what is added to what is global, or to another module. */
  name: string | undefined;
  text: string;
  /** A value, which may turn out to be missing. */
  isValue: boolean;
}

/** Answers for names where they are declared, all at once. */
export type TypesOf = (names: readonly Name[]) => TypeOfName[];

/**
 * What a cell declares: values by their types, so that its code is checked once and for all, and all else as it was
 * written. `withoutValue`: the names that it imports and that are types.
 */
export function declarationsOf(
  { source, statements }: Outline,
  typesOf: TypesOf,
  withoutValue: ReadonlySet<string>,
): Declaration[] {
  const typed = statements.flatMap((statement) =>
    statement.names.filter((name) => isTyped(statement, name)),
  );
  const types = new Map(typesOf(typed).map((type, index) => [typed[index], type]));
  const overloaded = new Set<string>();
  return statements.flatMap((statement, index): Declaration[] => {
    const doc = documentation(source.slice(statements[index - 1]?.end ?? 0, statement.start));
    if (statement.isAugmentation) {
      return [{ name: undefined, text: written(source, statement), isValue: false }];
    }
    const names = statement.names.filter(({ name, kind }) => {
      const isAgain = overloaded.has(name); // all that it can be called with is told with the first
      if (kind === 'function') overloaded.add(name);
      return !isAgain;
    });
    return names.map((name) => {
      const type = types.get(name);
      const text = type ? byType(name, type) : bySource(source, statement, name);
      const isValue = name.kind !== 'type' && !statement.isAmbient && !withoutValue.has(name.name);
      return { name: name.name, text: doc + text, isValue };
    });
  });
}

function isTyped(statement: Statement, name: Name): boolean {
  if (statement.isAmbient || moduleImported(statement, name)) return false;
  return name.kind === 'variable' || name.kind === 'constant' || name.kind === 'function';
}

/** Of `const name = await import('module')` the module: all that it exports need not be written out. */
function moduleImported({ node }: Statement, { name, kind }: Name): string | undefined {
  if (kind !== 'constant') return undefined;
  const { declarations = [] } = node.declaration ?? node;
  const declared = declarations.find(({ id }) => id?.value === name && !id.typeAnnotation);
  const { argument: call } = declared?.init?.type === 'AwaitExpression' ? declared.init : {};
  const module = call?.callee?.type === 'Import' ? call.arguments?.[0]?.expression : undefined;
  return module?.type === 'StringLiteral' ? String(module.value) : undefined;
}

function byType({ name, kind }: Name, { text, isFresh, signatures }: TypeOfName): string {
  if (signatures.length > 0) {
    return signatures.map((signature) => `declare function ${name}${signature};`).join('\n');
  }
  const word = kind === 'variable' ? 'let' : 'const';
  return `declare ${word} ${name}${isFresh && word === 'const' ? ' =' : ':'} ${text};`;
}

function bySource(source: string, statement: Statement, name: Name): string {
  const { node } = statement;
  const module = moduleImported(statement, name);
  if (module !== undefined) return `const ${name.name} = await import(${JSON.stringify(module)});`;
  if (node.type !== 'ImportDeclaration') return written(source, statement);
  const specifier = node.specifiers?.find(({ local }) => local?.value === name.name);
  const type = name.kind === 'type' ? 'type ' : '';
  return specifier ? `import ${type}${clauseOf(specifier)} ${fromOf(source, statement)}` : '';
}

/** The part of an import that is about one name. */
function clauseOf({ type, local, imported }: Tree): string {
  const name = String(local?.value);
  if (type === 'ImportDefaultSpecifier') return name;
  if (type === 'ImportNamespaceSpecifier') return `* as ${name}`;
  const { type: kind, value } = imported ?? {};
  const original = kind === 'StringLiteral' ? JSON.stringify(value) : value;
  return original === undefined ? `{ ${name} }` : `{ ${original} as ${name} }`;
}

/** From the word `from` on, which stands behind all names. */
function fromOf(source: string, { start, end, names }: Statement): string {
  const last = Math.max(start, ...names.map(({ at }) => at));
  return source.slice(source.indexOf('from', last), end);
}

/** A statement without its `export`. */
function written(source: string, { start, end, node }: Statement): string {
  const text = source.slice(start, end);
  return node.type.startsWith('Export') ? text.replace(/\bexport\s+(default\s+)?/, '') : text;
}

/** The comment that documents what follows. */
function documentation(before: string): string {
  const [doc = ''] = /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*$/.exec(before) ?? [];
  return doc;
}
