import { parse } from './swc.js';
import { bound, type Position, positionsIn, type Tree, variablesWithin } from './tree.js';

/** What a name stands for; a `var` is a variable that is there, undefined, from the beginning; a `type` has no value. */
export type Kind =
  | ('import' | 'variable' | 'var' | 'constant' | 'function')
  | ('class' | 'enum' | 'namespace' | 'type');

export interface Name {
  name: string;
  /** Where it is declared: an offset in the source. */
  at: number;
  kind: Kind;
}

/** A statement of a module's own level. */
export interface Statement {
  start: number;
  end: number;
  /** What it declares for the whole module, a `var` within it, too. */
  names: Name[];
  /** It declares what is elsewhere, and makes no value: `declare …`. */
  isAmbient: boolean;
  /** It adds to what is global, or to another module. */
  isAugmentation: boolean;
  node: Tree;
}

/** What the statements of a module declare. */
export interface Outline {
  source: string;
  statements: Statement[];
  position: Position;
}

/** @throws SyntaxError if it is no module in TypeScript */
export function outline(source: string): Outline {
  const position = positionsIn(source);
  const statements = parse(source).map((node) => {
    const declaration = declarationOf(node);
    const found = declaration ? namesOf(declaration) : hoisted(node);
    return {
      start: position(node.span.start),
      end: position(node.span.end),
      names: found.map(([id, kind]) => ({
        ...{ name: String(id.value), at: position(id.span.start), kind },
      })),
      isAmbient: declaration?.declare === true,
      isAugmentation: isAugmentation(declaration),
      node,
    };
  });
  return { source, statements, position };
}

/** The names that get a value by running the module, each once. */
export function valuesOf({ statements }: Outline): Name[] {
  const own = statements.filter(({ isAmbient }) => !isAmbient).flatMap(({ names }) => names);
  const values = own.filter(({ kind }) => kind !== 'type');
  return [...new Map(values.map((value) => [value.name, value])).values()];
}

/** Whether its value is undefined, and can be read, until its statement has run; in JavaScript, as swc makes it. */
export function isHoisted({ kind }: Name): boolean {
  return ['var', 'class', 'enum', 'namespace'].includes(kind);
}

type Found = [identifier: Tree, kind: Kind];

/** What a statement declares by itself, `export` or not; undefined if it is no declaration. */
function declarationOf(node: Tree): Tree | undefined {
  if (node.type === 'ExportDeclaration') return node.declaration;
  if (node.type !== 'ExportDefaultDeclaration') return node.type in NAMES ? node : undefined;
  return node.decl?.type === 'TsInterfaceDeclaration' || node.decl?.identifier
    ? node.decl
    : undefined;
}

/** `declare global` and `declare module 'x'`. */
function isAugmentation(declaration: Tree | undefined): boolean {
  if (declaration?.type !== 'TsModuleDeclaration') return false;
  return declaration.global === true || declaration.id?.type === 'StringLiteral';
}

function namesOf(declaration: Tree): Found[] {
  return NAMES[declaration.type]?.(declaration) ?? [];
}

const hoisted = (node: Tree): Found[] => variablesWithin(node).map((id) => [id, 'var']);

const named =
  (kind: Kind) =>
  ({ id, identifier }: Tree): Found[] => {
    const name = id ?? identifier;
    return name?.type === 'Identifier' ? [[name, kind]] : [];
  };

const KINDS: Record<string, Kind> = { const: 'constant', let: 'variable', var: 'var' };

const NAMES: Record<string, (node: Tree) => Found[]> = {
  VariableDeclaration: ({ declarations = [], kind }) =>
    declarations.flatMap(({ id }) => bound(id)).map((id) => [id, KINDS[kind ?? ''] ?? 'variable']),
  UsingDeclaration: ({ decls = [] }) =>
    decls.flatMap(({ id }) => bound(id)).map((id) => [id, 'constant']),
  FunctionDeclaration: named('function'),
  FunctionExpression: named('function'),
  ClassDeclaration: named('class'),
  ClassExpression: named('class'),
  TsEnumDeclaration: named('enum'),
  TsModuleDeclaration: (node) => (isAugmentation(node) ? [] : named('namespace')(node)),
  TsInterfaceDeclaration: named('type'),
  TsTypeAliasDeclaration: named('type'),
  TsImportEqualsDeclaration: (node) => named(node.isTypeOnly ? 'type' : 'import')(node),
  ImportDeclaration: ({ specifiers = [], typeOnly }) =>
    specifiers.flatMap(({ local, isTypeOnly }): Found[] =>
      local ? [[local, typeOnly || isTypeOnly ? 'type' : 'import']] : [],
    ),
};
