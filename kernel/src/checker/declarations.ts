import type { Kind, Name, Outline, Statement } from '../transpile/outline.js';
import type { Tree } from '../transpile/tree.js';
import type { TypeOfName } from './checker.js';

/** What a later cell has to be told of a name. */
export interface Declaration {
  /** None for what is added to what is global, or to another module. */
  name: string | undefined;
  text: string;
  /** A value, which may turn out to be missing. */
  isValue: boolean;
  /** What it is imported as, in the place of a text. */
  imported?: Imported;
}

export interface Imported {
  /** What stands after `from`. */
  from: string;
  /** The name there, if need be in quotes; `default`, or `*` for all of it. */
  name: string;
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
      if (kind !== 'function') return true;
      const isAgain = overloaded.has(name); // all that it can be called with is told with the first
      overloaded.add(name);
      return !isAgain;
    });
    return names.map((name) => {
      const isValue = name.kind !== 'type' && !statement.isAmbient && !withoutValue.has(name.name);
      const imported = importedBy(source, statement, name);
      if (imported) return { name: name.name, text: '', isValue, imported };
      const type = types.get(name);
      const text = type ? byType(name, type) : bySource(source, statement, name);
      return { name: name.name, text: doc + text, isValue };
    });
  });
}

/** The kinds of names that a later cell is told the types of. */
const TYPED: readonly Kind[] = ['variable', 'var', 'constant', 'function'];

function isTyped(statement: Statement, name: Name): boolean {
  if (statement.isAmbient || moduleImported(statement, name)) return false;
  return TYPED.includes(name.kind);
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
  const word = kind === 'variable' || kind === 'var' ? 'let' : 'const';
  return `declare ${word} ${name}${isFresh && word === 'const' ? ' =' : ':'} ${text};`;
}

function bySource(source: string, statement: Statement, name: Name): string {
  const module = moduleImported(statement, name);
  if (module === undefined) return written(source, statement);
  return `const ${name.name} = await import(${JSON.stringify(module)});`;
}

function importedBy(source: string, statement: Statement, { name }: Name): Imported | undefined {
  const { node, start, end, names } = statement;
  if (node.type !== 'ImportDeclaration') return undefined;
  const specifier = node.specifiers?.find(({ local }) => local?.value === name);
  const last = Math.max(start, ...names.map(({ at }) => at)); // `from` stands behind all names
  const from = source.slice(source.indexOf('from', last) + 'from'.length, end);
  return specifier && { from: from.trim().replace(/;$/, ''), name: nameThere(specifier) };
}

function nameThere({ type, local, imported }: Tree): string {
  if (type === 'ImportDefaultSpecifier') return 'default';
  if (type === 'ImportNamespaceSpecifier') return '*';
  const { type: kind, value } = imported ?? local ?? {};
  return kind === 'StringLiteral' ? JSON.stringify(value) : String(value);
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
