/** A node of swc's syntax tree, as far as it is read here. Which of the fields it has depends on its type. */
export interface Tree {
  type: string;
  span: { start: number; end: number };
  // What a statement declares, or consists of.
  declaration?: Tree;
  decl?: Tree;
  declarations?: Tree[];
  decls?: Tree[];
  kind?: string;
  isAwait?: boolean;
  declare?: boolean;
  global?: boolean;
  isExport?: boolean;
  // Names.
  id?: Tree;
  init?: Tree | null;
  typeAnnotation?: Tree | null;
  identifier?: Tree | null;
  value?: unknown;
  // Imports and exports.
  specifiers?: Tree[];
  source?: Tree | null;
  local?: Tree;
  imported?: Tree | null;
  orig?: Tree;
  exported?: Tree | null;
  name?: Tree;
  typeOnly?: boolean;
  isTypeOnly?: boolean;
  expression?: Tree;
  moduleRef?: Tree;
  // Patterns.
  properties?: Tree[];
  elements?: ({ expression?: Tree } & Tree)[];
  argument?: Tree;
  callee?: Tree;
  arguments?: { expression: Tree }[];
  left?: Tree;
  key?: Tree;
  decorators?: Tree[];
}

/** Turns a place of the tree into an offset in the source. */
export type Position = (place: number) => number;

/** swc counts bytes, from 1; all others count UTF-16 units, from 0. */
export function positionsIn(source: string): Position {
  const bytes = Buffer.from(source);
  if (bytes.length === source.length) return (place) => place - 1;
  return (place) => bytes.toString('utf8', 0, place - 1).length;
}

/** The identifiers that a pattern binds. */
export function bound(pattern: Tree | null | undefined): Tree[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern];
    case 'ObjectPattern':
      return (pattern.properties ?? []).flatMap(boundByProperty);
    case 'ArrayPattern':
      return (pattern.elements ?? []).flatMap(bound);
    case 'RestElement':
      return bound(pattern.argument);
    case 'AssignmentPattern':
      return bound(pattern.left);
    default:
      return [];
  }
}

function boundByProperty(property: Tree): Tree[] {
  if (property.type === 'AssignmentPatternProperty') return bound(property.key);
  if (property.type === 'RestElement') return bound(property);
  return bound(property.value as Tree);
}

/** What begins a scope of its own for `var`. */
const FUNCTION = /Function|Method|Constructor|Class|GetterProperty|SetterProperty|^Ts/;

/** The identifiers that `var` binds within a statement, at any depth: they belong to the whole module. */
export function variablesWithin(node: Tree): Tree[] {
  if (FUNCTION.test(node.type)) return [];
  if (node.type === 'VariableDeclaration' && node.kind === 'var') {
    return (node.declarations ?? []).flatMap(({ id }) => bound(id));
  }
  const children = Object.values(node).flat() as (Tree | null)[];
  return children.flatMap((child) =>
    typeof child?.type === 'string' ? variablesWithin(child) : [],
  );
}
